#include "providers/openai_responses/codec.hpp"
#include "providers/openai_responses/items.hpp"
#include "providers/openai_responses/parts.hpp"
#include "providers/openai_responses/response_object.hpp"

namespace cogate::providers::openai_responses {

namespace {

class output_maker {
public:
    explicit output_maker(std::string_view id) noexcept : id_(id) {}

    std::vector<output_item> make(chat_choice const& choice)
    {
        message const& m = choice.message;
        std::size_t i = 0;
        while (i != m.content.size()) {
            content_part const& part = m.content[i];
            if (std::holds_alternative<reasoning_part>(part)) {
                const std::size_t end = reasoning_group_end(m.content, i);
                add_reasoning(std::span(m.content).subspan(i, end - i));
                i = end;
                continue;
            }
            add_part(part, m);
            ++i;
        }
        hang_on(choice);
        for (tool_call const& call : m.tool_calls) {
            add_call(call);
        }
        return std::move(items_);
    }

private:
    output_item& add(output_item::kind what, std::string_view prefix)
    {
        output_item item;
        item.what = what;
        item.id = derived_id(prefix, id_, items_.size());
        items_.push_back(std::move(item));
        return items_.back();
    }

    void add_reasoning(std::span<content_part const> parts)
    {
        reasoning_item const joined = joined_reasoning(parts);
        output_item& item = add(output_item::kind::reasoning, made_reasoning_id);
        if (!joined.id.empty()) {
            item.id = joined.id;
        }
        item.text = joined.text;
        item.encrypted = encrypted_for_client(joined.encrypted, joined.id);
        for (content_part const& part : parts) {
            auto const& reasoning = std::get<reasoning_part>(part);
            if (!reasoning.signature.empty()) {
                item.encrypted = std::string(signature_mark) + reasoning.signature;
            }
        }
    }

    void add_part(content_part const& part, message const& m)
    {
        auto const* text = std::get_if<text_part>(&part);
        auto const* refusal = std::get_if<refusal_part>(&part);
        if (text != nullptr || refusal != nullptr) {
            if (items_.empty() || items_.back().what != output_item::kind::message) {
                output_item& item = add(output_item::kind::message, "msg_");
                if (raw_json const* phase = m.extra.find("phase")) {
                    item.phase = *phase;
                }
            }
            items_.back().parts.push_back(
                {.refusal = refusal != nullptr, .text = text != nullptr ? text->text : refusal->text});
        } else if (auto const* image = std::get_if<image_part>(&part)) {
            output_item& item = add(output_item::kind::whole, "ig_");
            item.text = image_item(*image, item.id);
        } else if (auto const* other = std::get_if<unknown_part>(&part);
                   other != nullptr && is_item_type(other->type)) {
            add(output_item::kind::whole, "").text = other->value.text;
        }
    }

    /// Annotations and logprobs belong to the message as a whole; they go with its last text.
    void hang_on(chat_choice const& choice)
    {
        output_part* last = nullptr;
        for (output_item& item : items_) {
            for (output_part& part : item.parts) {
                last = part.refusal ? last : &part;
            }
        }
        if (last == nullptr) {
            return;
        }
        json::document doc;
        json::parse_error error;
        std::string list = list_of_logprobs(choice.logprobs);
        last->logprobs = list.substr(1, list.size() - 2);
        if (!choice.message.annotations.empty() && doc.parse(choice.message.annotations.text, error)) {
            for (json::value annotation : doc.root()) {
                last->annotations += last->annotations.empty() ? "" : ",";
                std::string text;
                json::writer out(text);
                write_annotation(out, annotation);
                last->annotations += text;
            }
        }
    }

    void add_call(tool_call const& call)
    {
        output_item& item = add(output_item::kind::call, call.type == "custom" ? "ctc_" : "fc_");
        item.custom = call.type == "custom";
        item.call_id = signed_call_id(call);
        item.name = call.name;
        item.text = call.arguments.empty() && !item.custom ? std::string("{}") : call.arguments;
        if (raw_json const* space = call.extra.find("namespace")) {
            item.space = *space;
        }
    }

    std::string_view id_;
    std::vector<output_item> items_;
};

} // namespace

void write_chat(chat_response const& response, reply_context const& context, std::string& out)
{
    static const chat_choice nothing;
    chat_choice const& choice = response.choices.empty() ? nothing : response.choices.front();
    const std::string id = response_id(response.id, context);
    const std::vector<output_item> items = output_maker(id).make(choice);
    const std::string_view status = status_of(choice.finish_reason);
    std::string output;
    for (output_item const& item : items) {
        output += output.empty() ? "" : ",";
        json::writer to(output);
        // What was cut is the last item.
        write_item(to, item, &item == &items.back() ? status : std::string_view("completed"));
    }
    write_response_object({.id = id,
                           .created = response.created == 0 ? context.now : response.created,
                           .model = response.model.empty() ? context.model : std::string_view(response.model),
                           .status = status,
                           .why = choice.finish_reason,
                           .output = output,
                           .tokens = &response.usage,
                           .service_tier = response.service_tier,
                           .extra = &response.extra},
                          echo_of(context.request), out);
}

} // namespace cogate::providers::openai_responses

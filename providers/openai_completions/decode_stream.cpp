#include "providers/common/fields.hpp"
#include "providers/openai_chat/token_usage.hpp"
#include "providers/openai_completions/codec.hpp"

#include "lib/core/text.hpp"

#include <map>

namespace cogate::providers::openai_completions {

namespace {

// A provider that counts up without end must not grow our memory.
constexpr std::size_t most_choices = 4096;

class decoder final : public event_decoder {
public:
    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override
    {
        const std::string_view data = core::trim(event.data);
        if (done_ || data.empty()) {
            return {};
        }
        if (data == "[DONE]") {
            done_ = true;
            emit_usage(out);
            return {};
        }
        if (event.type == "error") {
            return error_event(data);
        }
        json::document doc;
        const result<json::value> opened = open_answer(doc, data);
        if (!opened && !event.complete) {
            return failure(error_kind::truncated, "the stream broke off within an event");
        }
        return opened ? read(*opened, out) : result<void>(opened.error());
    }

    bool finished() const noexcept override { return done_; }

    result<void> finish(std::vector<chat_chunk>& out) override
    {
        bool whole = done_ || !finished_.empty();
        for (auto const& [index, finished] : finished_) {
            whole = whole && (done_ || finished);
        }
        if (!whole) {
            return failure(error_kind::truncated, "the provider's stream ended without its end mark");
        }
        emit_usage(out);
        return {};
    }

private:
    result<void> read(json::value root, std::vector<chat_chunk>& out)
    {
        const json::value choices = root["choices"];
        if (choices.exists() && !choices.is_array() && !choices.is_null()) {
            return nonsense("an event is no chunk");
        }
        reader in(false);
        const place top;
        if (first_.id.empty()) {
            in.text(root, "id", top, first_.id);
        }
        if (first_.created == 0) {
            first_.created = root["created"].as_int64().value_or(0);
        }
        if (first_.model.empty()) {
            in.text(root, "model", top, first_.model);
        }
        in.text(root, "system_fingerprint", top, first_.system_fingerprint);
        chat_chunk chunk = first_;
        for (json::value item : choices) {
            if (!item.is_object()) {
                return nonsense("a choice is not an object");
            }
            chat_delta delta;
            delta.index = item["index"].as_int64().value_or(0);
            delta.content = item["text"].string();
            delta.has_content = !delta.content.empty();
            read_choice_end(item, delta.finish_reason, delta.finish_reason_text, delta.logprobs, delta.extra);
            auto at = finished_.find(delta.index);
            if (at == finished_.end() && finished_.size() < most_choices) {
                at = finished_.emplace(delta.index, false).first;
                delta.has_role = true;
            }
            if (at != finished_.end() && delta.finish_reason != finish_reason::none) {
                at->second = true;
            }
            chunk.choices.push_back(std::move(delta));
        }
        if (!chunk.choices.empty()) {
            out.push_back(std::move(chunk));
        }
        if (root["usage"].is_object()) {
            tokens_ = openai_chat::read_usage(root["usage"]);
        }
        return {};
    }

    void emit_usage(std::vector<chat_chunk>& out)
    {
        if (!tokens_.reported || usage_told_) {
            return;
        }
        usage_told_ = true;
        chat_chunk chunk = first_;
        chunk.usage = tokens_;
        out.push_back(std::move(chunk));
    }

    chat_chunk first_; ///< what every chunk repeats
    std::map<std::int64_t, bool> finished_;
    usage tokens_;
    bool usage_told_ = false;
    bool done_ = false;
};

} // namespace

std::unique_ptr<event_decoder> make_event_decoder()
{
    return std::make_unique<decoder>();
}

} // namespace cogate::providers::openai_completions

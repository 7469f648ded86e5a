#include "providers/gemini/contents.hpp"

#include "providers/gemini/parts.hpp"
#include "providers/gemini/signatures.hpp"

#include "lib/core/text.hpp"

#include <algorithm>
#include <unordered_map>

namespace cogate::providers::gemini {

namespace {

// Accepted for calls that Google did not make itself (providers.md 5.2).
constexpr std::string_view no_signature = "skip_thought_signature_validator";

bool is_system(message const& m) noexcept
{
    return m.role == role::system || m.role == role::developer;
}

class contents_writer {
public:
    contents_writer(raw_writer& to, chat_request const& request, model_traits const& model, flavour const& at)
        : to_(to), out_(to.out()), messages_(request.messages), model_(model), at_(at)
    {}

    result<void> write();

private:
    struct call_facts {
        std::string_view name;
        std::size_t order;
    };

    void index_calls();
    void write_system(std::size_t count);
    std::size_t write_turn(std::size_t from);
    void write_assistant(message const& m, std::size_t position);
    std::size_t write_results(std::size_t from);
    void write_result(message const& m, std::size_t position);
    void write_parts(message const& m, std::size_t position, bool empty_text_counts);
    bool write_part(message const& m, std::size_t position, std::size_t& part);
    void begin(std::string_view role_name);
    void end();
    void refuse(std::size_t position, std::size_t part, std::string_view why);

    raw_writer& to_;
    json::writer& out_;
    std::vector<message> const& messages_;
    model_traits const& model_;
    flavour const& at_;
    std::unordered_map<std::string_view, call_facts> calls_;
    std::size_t parts_ = 0; ///< of the open turn
    std::size_t turns_ = 0;
    std::optional<failure> error_;
};

result<void> contents_writer::write()
{
    index_calls();
    std::size_t lead = 0;
    while (lead < messages_.size() && is_system(messages_[lead])) {
        ++lead;
    }
    // Without a turn Google has nothing to answer, so the instructions become one.
    if (lead == messages_.size() || !model_.system_instruction()) {
        lead = 0;
    }
    if (lead > 0) {
        write_system(lead);
    }
    out_.key("contents").begin_array();
    for (std::size_t at = lead; at < messages_.size() && !error_;) {
        at = write_turn(at);
    }
    if (turns_ == 0 && !error_) {
        begin("user");
        write_parts({}, 0, true); // nothing was said; Google tells so
        end();
    }
    out_.end_array();
    if (error_) {
        return *error_;
    }
    return {};
}

void contents_writer::index_calls()
{
    std::size_t order = 0;
    for (message const& m : messages_) {
        for (tool_call const& call : m.tool_calls) {
            calls_[call.id] = {call.name, order++};
        }
    }
}

void contents_writer::write_system(std::size_t count)
{
    out_.key("systemInstruction").begin_object().key("parts").begin_array();
    parts_ = 0;
    for (std::size_t i = 0; i != count; ++i) {
        write_parts(messages_[i], i, false);
    }
    if (parts_ == 0) {
        out_.begin_object().member("text", "").end_object();
    }
    out_.end_array().end_object();
}

std::size_t contents_writer::write_turn(std::size_t from)
{
    message const& m = messages_[from];
    if (m.role == role::tool) {
        return write_results(from);
    }
    if (m.role == role::assistant) {
        write_assistant(m, from);
        return from + 1;
    }
    begin("user");
    write_parts(m, from, true);
    end();
    return from + 1;
}

void contents_writer::write_assistant(message const& m, std::size_t position)
{
    const bool has_words = std::any_of(m.content.begin(), m.content.end(), [](content_part const& part) {
        auto const* text = std::get_if<text_part>(&part);
        auto const* thought = std::get_if<reasoning_part>(&part);
        return thought != nullptr ? !thought->text.empty() || !signature_for_google(*thought).empty()
                                  : text == nullptr || !text->text.empty();
    });
    if (!has_words && m.tool_calls.empty()) {
        return;
    }
    begin("model");
    write_parts(m, position, false);
    bool first = true;
    for (tool_call const& call : m.tool_calls) {
        // Of parallel calls only the first is signed.
        const bool unsigned_first = first && call.signature.empty() && model_.wants_signatures();
        write_call(to_, call, unsigned_first ? no_signature : std::string_view(call.signature), at_.call_ids);
        ++parts_;
        first = false;
    }
    end();
}

/// All results of one turn in one content, in the order of the calls; a user's words behind them join.
std::size_t contents_writer::write_results(std::size_t from)
{
    std::size_t behind = from;
    std::vector<std::pair<std::size_t, std::size_t>> order;
    for (; behind < messages_.size() && messages_[behind].role == role::tool; ++behind) {
        auto const call = calls_.find(messages_[behind].tool_call_id);
        order.emplace_back(call == calls_.end() ? calls_.size() : call->second.order, behind);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](auto const& a, auto const& b) { return a.first < b.first; });
    begin("user");
    for (auto const& [_, position] : order) {
        write_result(messages_[position], position);
    }
    for (auto const& [_, position] : order) {
        message const& m = messages_[position];
        for (std::size_t i = 0; i != m.content.size() && !model_.media_results(); ++i) {
            if (!std::holds_alternative<text_part>(m.content[i])) {
                write_part(m, position, i);
            }
        }
    }
    if (behind < messages_.size() && messages_[behind].role == role::user) {
        write_parts(messages_[behind], behind, false);
        ++behind;
    }
    end();
    return behind;
}

void contents_writer::write_result(message const& m, std::size_t position)
{
    auto const call = calls_.find(m.tool_call_id);
    const std::string_view name = call != calls_.end() ? call->second.name : std::string_view(m.name);
    if (name.empty()) {
        const std::string param = "messages[" + std::to_string(position) + "].tool_call_id";
        if (!error_) {
            error_ = failure(error_kind::invalid_request,
                             "'" + param + "' names no tool call of the messages before it");
            error_->with_code("invalid_value").with_param(param);
        }
        return;
    }
    out_.begin_object().key("functionResponse").begin_object();
    if (at_.call_ids && !m.tool_call_id.empty() && !is_foreign_id(m.tool_call_id)) {
        out_.member("id", m.tool_call_id);
    }
    out_.member("name", name).key("response");
    const std::string text = m.text();
    json::document doc;
    json::parse_error error;
    if (!m.tool_error && doc.parse(text, error) && doc.root().is_object()) {
        out_.raw(doc.root().raw());
    } else {
        out_.begin_object().member(m.tool_error ? "error" : "result", text).end_object();
    }
    const bool has_media = std::any_of(m.content.begin(), m.content.end(), [](content_part const& part) {
        return !std::holds_alternative<text_part>(part);
    });
    if (has_media && model_.media_results()) {
        out_.key("parts").begin_array();
        for (std::size_t i = 0; i < m.content.size(); ++i) {
            if (!std::holds_alternative<text_part>(m.content[i])) {
                write_part(m, position, i);
            }
        }
        out_.end_array();
    }
    out_.end_object().end_object();
    ++parts_;
}

void contents_writer::write_parts(message const& m, std::size_t position, bool empty_text_counts)
{
    const std::size_t before = parts_;
    for (std::size_t i = 0; i < m.content.size() && !error_; ++i) {
        write_part(m, position, i);
    }
    if (empty_text_counts && parts_ == before) {
        out_.begin_object().member("text", "").end_object(); // a turn must have a part
        ++parts_;
    }
}

/// `part` moves on over what went along with it.
bool contents_writer::write_part(message const& m, std::size_t position, std::size_t& part)
{
    content_part const& it = m.content[part];
    if (auto const* refusal = std::get_if<refusal_part>(&it); refusal != nullptr && !refusal->text.empty()) {
        out_.begin_object().member("text", refusal->text).end_object();
    } else if (auto const* text = std::get_if<text_part>(&it)) {
        auto const* next =
            part + 1 < m.content.size() ? std::get_if<reasoning_part>(&m.content[part + 1]) : nullptr;
        const std::string_view signature =
            next != nullptr && next->text.empty() ? signature_for_google(*next) : std::string_view();
        if (text->text.empty()) {
            return true;
        }
        out_.begin_object().member("text", text->text);
        if (!signature.empty()) {
            out_.member("thoughtSignature", signature);
            ++part;
        }
        out_.end_object();
    } else if (auto const* thought = std::get_if<reasoning_part>(&it)) {
        const std::string_view signature = signature_for_google(*thought);
        if (thought->text.empty() && signature.empty()) {
            return true; // another provider's secret: nothing that Google could read
        }
        out_.begin_object().member("text", thought->text);
        if (!thought->text.empty()) {
            out_.member("thought", true);
        }
        if (!signature.empty()) {
            out_.member("thoughtSignature", signature);
        }
        out_.end_object();
    } else if (!std::holds_alternative<refusal_part>(it) && !write_media(to_, it, at_)) {
        refuse(position, part, "is of a kind that Google's models do not take");
        return false;
    }
    ++parts_;
    return true;
}

void contents_writer::begin(std::string_view role_name)
{
    parts_ = 0;
    ++turns_;
    out_.begin_object().member("role", role_name).key("parts").begin_array();
}

void contents_writer::end()
{
    out_.end_array().end_object();
}

void contents_writer::refuse(std::size_t position, std::size_t part, std::string_view why)
{
    if (error_) {
        return;
    }
    std::string param = "messages[" + std::to_string(position) + "].content[" + std::to_string(part) + "]";
    error_ = failure(error_kind::invalid_request, "'" + param + "' " + std::string(why));
    error_->with_code("unsupported_content").with_param(std::move(param));
}

} // namespace

result<void> write_contents(raw_writer& to, chat_request const& request, model_traits const& model,
                            flavour const& at)
{
    return contents_writer(to, request, model, at).write();
}

} // namespace cogate::providers::gemini

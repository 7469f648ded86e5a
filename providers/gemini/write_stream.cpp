#include "providers/gemini/codec.hpp"

#include "providers/gemini/answers.hpp"
#include "providers/gemini/candidate_writer.hpp"
#include "providers/gemini/finish.hpp"
#include "providers/gemini/members.hpp"
#include "providers/gemini/parts.hpp"
#include "providers/gemini/signatures.hpp"
#include "providers/gemini/stream_candidates.hpp"
#include "providers/gemini/token_usage.hpp"

#include <algorithm>

namespace cogate::providers::gemini {

namespace {

constexpr std::size_t longest_thought = 4 << 20;

class writer final : public chat_stream_writer {
public:
    writer(reply_context const& context, bool sse)
        : model_(context.model),
          id_(context.fallback_id),
          thoughts_(wants_thoughts(context.request)),
          asked_audio_(context.request.audio),
          sse_(sse)
    {}

    void write(chat_chunk const& chunk, std::string& out) override;
    void end(std::string& out) override;
    void fail(failure const& why, std::string& out) override;

private:
    void write_delta(chat_delta const& delta, std::string& out);
    void write_parts(chat_delta const& delta, candidate_state& state, raw_writer& to);
    void write_last(usage const* tokens, std::string& out);
    void close_event(json::writer& event, raw_writer& raw, usage const* tokens, extra_fields const& extra);
    void put(std::string_view event, std::string& out);

    std::string model_;
    std::string id_;
    bool thoughts_;
    raw_json asked_audio_;
    bool sse_;
    bool any_ = false;
    bool failed_ = false;
    stream_candidates candidates_;
    extra_fields extra_; ///< of chunks without choices, until there is an event
};

void writer::put(std::string_view event, std::string& out)
{
    if (sse_) {
        // What was taken over as text may hold line ends between its tokens.
        const bool one_line = event.find_first_of("\r\n") == std::string_view::npos;
        out.append("data: ").append(one_line ? std::string(event) : compact(event)).append("\r\n\r\n");
    } else {
        out.append(any_ ? ",\r\n" : "[").append(event);
    }
    any_ = true;
}

void writer::close_event(json::writer& event, raw_writer& raw, usage const* tokens, extra_fields const& extra)
{
    if (tokens != nullptr) {
        event.key("usageMetadata");
        write_usage(raw, *tokens);
    }
    event.member("modelVersion", model_).member("responseId", id_);
    write_extra(raw, extra);
    event.end_object();
}

void writer::write_parts(chat_delta const& delta, candidate_state& state, raw_writer& to)
{
    json::writer& out = to.out();
    const bool signs_thought =
        !delta.reasoning_signature.empty() && (state.in_thought || !delta.reasoning.empty());
    if (!delta.reasoning.empty()) {
        state.in_thought = true;
        if (thoughts_) {
            write_thought(out, delta.reasoning, {}, true);
        } else if (state.thought.size() < longest_thought) {
            state.thought += delta.reasoning;
        }
    }
    if (!delta.reasoning_signature.empty()) {
        write_thought(out, signs_thought ? std::string_view(state.thought) : std::string_view(),
                      signature_for_client(delta.reasoning_signature), signs_thought);
        state.in_thought = false;
        state.thought.clear();
    }
    if (!delta.reasoning_redacted.empty()) {
        write_thought(out, {}, redacted_for_client(delta.reasoning_redacted, delta.reasoning_id), false);
    }
    if (!delta.content.empty()) {
        state.in_thought = false;
        state.thought.clear();
        write_text(out, delta.content);
    }
    for (content_part const& part : delta.parts) {
        state.in_thought = false;
        if (auto const* text = std::get_if<text_part>(&part)) {
            write_text(out, text->text);
        } else if (auto const* thought = std::get_if<reasoning_part>(&part)) {
            write_thought(out, thought->text, mark_for_client(*thought), !thought->text.empty());
        } else {
            write_other_part(to, part);
        }
    }
    if (!delta.refusal.empty()) {
        write_text(out, delta.refusal);
    }
    write_audio(out, delta.audio, asked_audio_);
}

void writer::write_delta(chat_delta const& delta, std::string& out)
{
    candidate_state* const found = failed_ ? nullptr : candidates_.at(delta.index);
    if (found == nullptr) {
        return;
    }
    candidate_state& state = *found;
    if (!candidates_.collect(state, delta.tool_calls)) {
        fail(nonsense("the arguments of its function calls are too long"), out);
        return;
    }
    if (delta.finish_reason != finish_reason::none) {
        state.finish = delta.finish_reason;
        state.native = delta.native_finish_reason;
    }
    std::string parts;
    json::writer inner(parts);
    raw_writer raw_inner(inner);
    inner.begin_array();
    write_parts(delta, state, raw_inner);
    inner.end_array();
    const std::string logprobs = write_logprobs(delta.logprobs);
    for (auto const& [key, value] : delta.extra) {
        state.extra.set(key, value);
    }
    std::string citations;
    json::writer cited(citations);
    cited.begin_object();
    write_citations(cited, delta.annotations);
    cited.end_object();
    if (citations != "{}" && state.extra.find("groundingMetadata") == nullptr) {
        json::document doc;
        json::parse_error error;
        if (doc.parse(citations, error)) {
            state.extra.set("groundingMetadata", raw_json{std::string(doc["groundingMetadata"].raw())});
        }
    }
    if (parts == "[]" && logprobs.empty()) {
        return;
    }
    std::string text;
    json::writer event(text);
    raw_writer raw(event);
    event.begin_object().key("candidates").begin_array().begin_object();
    event.key("content").begin_object().raw_member("parts", parts).member("role", "model").end_object();
    event.member("index", state.index);
    if (!logprobs.empty()) {
        event.raw_member("logprobsResult", logprobs);
    }
    event.end_object().end_array();
    close_event(event, raw, nullptr, extra_);
    extra_ = {};
    put(text, out);
}

void writer::write(chat_chunk const& chunk, std::string& out)
{
    if (!chunk.id.empty()) {
        id_ = chunk.id;
    }
    if (!chunk.model.empty()) {
        model_ = chunk.model;
    }
    for (auto const& [key, value] : chunk.extra) {
        extra_.set(key, value);
    }
    for (chat_delta const& delta : chunk.choices) {
        write_delta(delta, out);
    }
    if (chunk.usage && !failed_) {
        // Held back until here, so that the last event has both the reason and the usage, as Google's has.
        write_last(&*chunk.usage, out);
    }
}

/// The calls, the reasons and what else waits: once, with the usage or at the end.
void writer::write_last(usage const* tokens, std::string& out)
{
    std::string text;
    json::writer event(text);
    raw_writer raw(event);
    bool any = false;
    event.begin_object().key("candidates").begin_array();
    for (candidate_state& state : candidates_) {
        if (state.finished || state.finish == finish_reason::none) {
            continue;
        }
        state.finished = true;
        any = true;
        event.begin_object().key("content").begin_object().key("parts").begin_array();
        for (pending_call const& pending : state.calls) {
            write_call(raw, pending.call, pending.call.signature, true);
        }
        if (state.calls.empty()) {
            write_text(event, {});
        }
        event.end_array().member("role", "model").end_object();
        event.member("finishReason", write_finish(state.finish, state.native)).member("index", state.index);
        write_extra(raw, state.extra);
        event.end_object();
    }
    event.end_array();
    if (!any && tokens == nullptr) {
        return;
    }
    close_event(event, raw, tokens, extra_);
    extra_ = {};
    put(text, out);
}

void writer::end(std::string& out)
{
    if (failed_) {
        return;
    }
    write_last(nullptr, out);
    if (!sse_) {
        out.append(any_ ? "]" : "[]");
    }
}

void writer::fail(failure const& why, std::string& out)
{
    if (failed_) {
        return;
    }
    failed_ = true;
    std::string text;
    write_error(why, text);
    put(text, out);
    if (!sse_) {
        out += ']';
    }
}

} // namespace

bool asks_for_sse(std::string_view query) noexcept
{
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view one = query.substr(0, end);
        if (one == "alt=sse" || one == "%24alt=sse" || one == "$alt=sse") {
            return true;
        }
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return false;
}

std::unique_ptr<chat_stream_writer> make_stream_writer(reply_context const& context, bool sse)
{
    return std::make_unique<writer>(context, sse);
}

} // namespace cogate::providers::gemini

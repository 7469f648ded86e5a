#include "providers/common/fields.hpp"
#include "providers/openai_chat/messages.hpp"
#include "providers/openai_chat/token_usage.hpp"
#include "providers/openai_completions/codec.hpp"

#include "lib/wire/sse_writer.hpp"

#include <array>
#include <map>

namespace cogate::providers::openai_completions {

namespace {

constexpr std::size_t most_choices = 4096;

/// This dialect's words: a completion stops, or is cut.
std::string_view word_of(finish_reason why) noexcept
{
    return why == finish_reason::length || why == finish_reason::content_filter
               ? openai_chat::finish_reason_name(why)
               : std::string_view("stop");
}

void write_choice(raw_writer& to, std::int64_t index, std::string_view text, raw_json const& logprobs,
                  finish_reason why)
{
    json::writer& out = to.out();
    out.begin_object().member("text", text).member("index", index).key("logprobs");
    logprobs.empty() ? static_cast<void>(out.value(nullptr)) : to.element(logprobs, "logprobs");
    out.key("finish_reason");
    why == finish_reason::none ? out.value(nullptr) : out.value(word_of(why));
    out.end_object();
}

struct head {
    std::string_view id;
    std::int64_t created;
    std::string_view model;
    std::string_view system_fingerprint;
};

void write_head(json::writer& out, head const& h, reply_context const& context)
{
    out.begin_object();
    h.id.empty() ? out.member("id", "cmpl-" + std::string(context.fallback_id)) : out.member("id", h.id);
    out.member("object", "text_completion").member("created", h.created == 0 ? context.now : h.created);
    out.member("model", h.model.empty() ? context.model : h.model);
    if (!h.system_fingerprint.empty()) {
        out.member("system_fingerprint", h.system_fingerprint);
    }
    out.key("choices").begin_array();
}

class writer final : public chat_stream_writer {
public:
    explicit writer(reply_context const& context)
        : request_{},
          model_(context.model),
          fallback_id_(context.fallback_id),
          now_(context.now),
          wants_usage_(context.request.include_usage)
    {}

    void write(chat_chunk const& chunk, std::string& out) override
    {
        if (!chunk.choices.empty()) {
            write_event(chunk, false, out);
        }
        if (chunk.usage && wants_usage_) {
            write_event(chunk, true, out);
        }
    }

    void end(std::string& out) override { wire::append_sse_data(out, "[DONE]"); }

    void fail(failure const& why, std::string& out) override
    {
        std::string text;
        json::writer to(text);
        to.begin_object()
            .key("error")
            .begin_object()
            .member("message", why->message)
            .member("type", why.type());
        to.key("param");
        why->param.empty() ? to.value(nullptr) : to.value(why->param);
        to.key("code");
        why->code.empty() ? to.value(nullptr) : to.value(why->code);
        to.end_object().end_object();
        wire::append_sse_data(out, text);
    }

private:
    raw_json logprobs_of(chat_delta const& delta)
    {
        if (delta.logprobs.empty()) {
            return {};
        }
        // A provider that counts choices up without end must not grow our memory.
        std::size_t unknown = 0;
        const bool room = offsets_.size() < most_choices || offsets_.contains(delta.index);
        return completion_logprobs(delta.logprobs, room ? offsets_[delta.index] : unknown);
    }

    void write_event(chat_chunk const& chunk, bool usage_only, std::string& out)
    {
        std::string text;
        json::writer to(text);
        raw_writer raw(to);
        write_head(to, {chunk.id, chunk.created, chunk.model, chunk.system_fingerprint},
                   {request_, model_, fallback_id_, now_});
        std::size_t written = 0;
        if (!usage_only) {
            for (chat_delta const& delta : chunk.choices) {
                // Reasoning and calls have no place here.
                if (delta.content.empty() && delta.finish_reason == finish_reason::none) {
                    continue;
                }
                const raw_json lists = logprobs_of(delta);
                write_choice(raw, delta.index, delta.content, lists, delta.finish_reason);
                ++written;
            }
        }
        to.end_array();
        if (wants_usage_) {
            to.key("usage");
            usage_only ? openai_chat::write_usage(raw, *chunk.usage) : static_cast<void>(to.value(nullptr));
        }
        to.end_object();
        if (usage_only || written != 0) {
            wire::append_sse_data(out, text);
        }
    }

    chat_request request_;
    std::string model_;
    std::string fallback_id_;
    std::int64_t now_;
    bool wants_usage_;
    std::map<std::int64_t, std::size_t> offsets_;
};

} // namespace

void write_chat(chat_response const& response, reply_context const& context, std::string& to)
{
    static constexpr std::array<std::string_view, 7> written = {
        "id", "object", "created", "model", "choices", "usage", "system_fingerprint"};
    json::writer out(to);
    raw_writer raw(out);
    write_head(out, {response.id, response.created, response.model, response.system_fingerprint}, context);
    for (chat_choice const& choice : response.choices) {
        std::size_t offset = 0;
        const raw_json lists = completion_logprobs(choice.logprobs, offset);
        write_choice(raw, choice.index, choice.message.text(), lists, choice.finish_reason);
    }
    out.end_array();
    if (response.usage.reported) {
        out.key("usage");
        openai_chat::write_usage(raw, response.usage);
    }
    raw.extra(response.extra, written);
    out.end_object();
}

std::unique_ptr<chat_stream_writer> make_stream_writer(reply_context const& context)
{
    return std::make_unique<writer>(context);
}

} // namespace cogate::providers::openai_completions

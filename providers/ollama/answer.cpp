#include "providers/common/token_count.hpp"
#include "providers/ollama/codec.hpp"

#include "providers/common/decode_error.hpp"
#include "providers/common/derived.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::ollama {

namespace {

// `context` is /api/generate's state as token numbers; nobody but that call can use it.
constexpr std::array<std::string_view, 11> known = {
    "model",       "created_at", "message",           "response",   "thinking", "done",
    "done_reason", "tool_calls", "prompt_eval_count", "eval_count", "context"};

} // namespace

std::optional<failure> in_band_error(json::value root)
{
    const json::value error = root["error"];
    if (!error.exists() || error.is_null()) {
        return std::nullopt;
    }
    return error_event(root.raw());
}

std::string answer_id(json::value root, std::string_view text)
{
    std::string source = root["model"].string();
    source += '\0';
    source += root["created_at"].string();
    source += '\0';
    source += text;
    return derived_id("chatcmpl-", source);
}

std::string_view text_in(json::value root, std::string& scratch)
{
    const json::value message = root["message"];
    return message.is_object() ? message["content"].view(scratch) : root["response"].view(scratch);
}

std::string thinking_in(json::value root)
{
    const json::value message = root["message"];
    return (message.is_object() ? message : root)["thinking"].string();
}

tool_call read_call(json::value value, std::string_view id, std::size_t index)
{
    const json::value function = value["function"];
    const json::value arguments = function["arguments"];
    tool_call out;
    out.name = function["name"].string();
    out.arguments = arguments.is_object() ? std::string(arguments.raw()) : arguments.string();
    if (out.arguments.empty()) {
        out.arguments = "{}";
    }
    out.id = value["id"].string();
    if (out.id.empty()) {
        std::string source(id);
        source += '\0';
        source += out.name;
        source += '\0';
        source += out.arguments;
        out.id = derived_id("call_", source, index);
    }
    return out;
}

finish_reason read_finish_reason(std::string_view word, bool calls, std::string& text)
{
    if (word == "length") {
        return finish_reason::length;
    }
    // "load" and "unload" answer a request without messages; old servers say nothing.
    if (word.empty() || word == "stop" || word == "load" || word == "unload") {
        return calls ? finish_reason::tool_calls : finish_reason::stop;
    }
    text = word;
    return finish_reason::other;
}

usage read_usage(json::value root)
{
    usage out;
    out.reported = root["prompt_eval_count"].is_number() || root["eval_count"].is_number();
    out.prompt_tokens = token_count(root["prompt_eval_count"]);
    out.completion_tokens = token_count(root["eval_count"]);
    out.total_tokens = out.prompt_tokens + out.completion_tokens;
    return out;
}

void keep_rest(json::value root, extra_fields& extra)
{
    keep_unknown(root, known, extra);
}

} // namespace cogate::providers::ollama

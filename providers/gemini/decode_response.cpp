#include "providers/gemini/codec.hpp"

#include "providers/common/derived.hpp"
#include "providers/gemini/answers.hpp"
#include "providers/gemini/finish.hpp"
#include "providers/gemini/members.hpp"
#include "providers/gemini/parts.hpp"
#include "providers/gemini/token_usage.hpp"

namespace cogate::providers::gemini {

namespace {

chat_choice read_candidate(json::value candidate, std::int64_t position, std::string_view id)
{
    chat_choice out;
    out.index = candidate["index"].as_int64().value_or(position);
    message& m = out.message;
    for (json::value part : elements(candidate["content"]["parts"])) {
        if (part["functionCall"].is_object()) {
            tool_call call = read_call(part);
            if (call.id.empty()) {
                const auto place = static_cast<std::uint64_t>(out.index) * 4096 + m.tool_calls.size();
                call.id = made_call_id(id, place, call.name);
            }
            m.tool_calls.push_back(std::move(call));
        } else if (std::optional<raw_json> audio = read_audio(part, id); audio && m.audio.empty()) {
            m.audio = *std::move(audio);
        } else {
            read_part(part, m.content);
        }
    }
    std::vector<std::string> pages;
    m.annotations = read_annotations(candidate, pages);
    out.native_finish_reason = finish_word(candidate["finishReason"]);
    out.finish_reason = read_finish(out.native_finish_reason, !m.tool_calls.empty());
    out.logprobs = read_logprobs(candidate["logprobsResult"]);
    keep_unknown(candidate, known_candidate, out.extra);
    return out;
}

} // namespace

result<json::value> open_answer(json::document& doc, std::string_view body)
{
    json::parse_error error;
    if (!doc.parse(body, error)) {
        return nonsense("not JSON, " + json::to_string(error));
    }
    if (std::optional<failure> reported = in_band_error(doc.root())) {
        return *std::move(reported);
    }
    if (!doc.root().is_object()) {
        return nonsense("not a JSON object");
    }
    return doc.root();
}

result<chat_response> decode_chat(std::string_view body)
{
    json::document doc;
    const result<json::value> opened = open_answer(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    const json::value candidates = root["candidates"];
    chat_response out;
    out.id = root["responseId"].string();
    if (out.id.empty()) {
        out.id = derived_id("resp-", body);
    }
    out.model = root["modelVersion"].string();
    out.created = seconds_of(root["createTime"].string());
    out.usage = read_usage(root["usageMetadata"]);
    keep_unknown(root, known_answer, out.extra);
    for (json::value candidate : candidates) {
        if (!candidate.is_object()) {
            return nonsense("a candidate is not an object");
        }
        out.choices.push_back(
            read_candidate(candidate, static_cast<std::int64_t>(out.choices.size()), out.id));
    }
    if (out.choices.empty()) {
        const std::string reason = block_reason(root);
        if (reason.empty() && !root["usageMetadata"].is_object()) {
            return nonsense("it has no candidates");
        }
        // Google answers 200 without a candidate when it refuses the prompt.
        chat_choice blocked;
        blocked.finish_reason = finish_reason::content_filter;
        blocked.native_finish_reason = reason;
        out.choices.push_back(std::move(blocked));
    }
    return out;
}

} // namespace cogate::providers::gemini

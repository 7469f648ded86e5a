#include "providers/openai_responses/output.hpp"

#include "providers/common/fields.hpp"

#include <array>
#include <string_view>

namespace cogate::providers::openai_responses {

ending read_ending(json::value response, bool has_calls)
{
    ending out;
    out.native = response["incomplete_details"]["reason"].string();
    if (out.native.empty() && response["status"].equals("incomplete")) {
        out.native = "incomplete";
    }
    if (out.native == "max_output_tokens" || out.native == "incomplete") {
        out.why = finish_reason::length;
    } else if (out.native == "content_filter") {
        out.why = finish_reason::content_filter;
        out.native.clear();
    } else if (!out.native.empty()) {
        out.why = finish_reason::other;
        out.text = out.native;
    } else if (has_calls) {
        out.why = finish_reason::tool_calls;
    }
    return out;
}

extra_fields unknown_members(json::value response)
{
    static constexpr std::array<std::string_view, 38> known = {"id",
                                                               "object",
                                                               "created_at",
                                                               "model",
                                                               "status",
                                                               "error",
                                                               "incomplete_details",
                                                               "output",
                                                               "output_text",
                                                               "usage",
                                                               "service_tier",
                                                               "input",
                                                               "instructions",
                                                               "max_output_tokens",
                                                               "max_tool_calls",
                                                               "metadata",
                                                               "parallel_tool_calls",
                                                               "previous_response_id",
                                                               "prompt",
                                                               "prompt_cache_key",
                                                               "prompt_cache_retention",
                                                               "prompt_cache_options",
                                                               "reasoning",
                                                               "safety_identifier",
                                                               "store",
                                                               "temperature",
                                                               "text",
                                                               "tool_choice",
                                                               "tools",
                                                               "top_logprobs",
                                                               "top_p",
                                                               "truncation",
                                                               "user",
                                                               "background",
                                                               "completed_at",
                                                               "conversation",
                                                               "presence_penalty",
                                                               "frequency_penalty"};
    extra_fields out;
    for (json::member m : response.members()) {
        bool ours = m.val.is_null();
        for (std::string_view const name : known) {
            ours = ours || m.key == name;
        }
        if (!ours) {
            out.set(std::string(m.key), raw_json{std::string(m.val.raw())});
        }
    }
    return out;
}

std::string reasoning_text(json::value item)
{
    std::string out;
    const json::value content = item["content"];
    for (json::value piece : content.size() != 0 ? content : item["summary"]) {
        if (!out.empty()) {
            out += "\n\n";
        }
        piece["text"].append_string_to(out);
    }
    return out;
}

} // namespace cogate::providers::openai_responses

#include "providers/gemini/token_usage.hpp"

#include "providers/common/token_count.hpp"
#include "providers/gemini/members.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::gemini {

namespace {

constexpr std::array<std::string_view, 5> known = {"promptTokenCount", "candidatesTokenCount",
                                                   "totalTokenCount", "cachedContentTokenCount",
                                                   "thoughtsTokenCount"};

std::int64_t of_modality(json::value details, std::string_view word)
{
    std::int64_t out = 0;
    for (json::value item : details) {
        if (item["modality"].equals(word)) {
            out = std::min(out + token_count(item["tokenCount"]), most_tokens);
        }
    }
    return out;
}

std::int64_t brought_by_tools(usage const& tokens)
{
    raw_json const* found = tokens.extra.find("toolUsePromptTokenCount");
    json::document doc;
    json::parse_error error;
    return found != nullptr && doc.parse(found->text, error) ? token_count(doc.root()) : 0;
}

} // namespace

usage read_usage(json::value metadata)
{
    usage out;
    if (!metadata.is_object()) {
        return out;
    }
    keep_unknown(metadata, known, out.extra);
    const bool counted = std::any_of(known.begin(), known.end(),
                                     [&](std::string_view name) { return metadata[name].is_number(); });
    if (!counted) {
        return out;
    }
    out.reported = true;
    out.reasoning_tokens = token_count(metadata["thoughtsTokenCount"]);
    out.prompt_tokens =
        token_count(metadata["promptTokenCount"]) + token_count(metadata["toolUsePromptTokenCount"]);
    out.completion_tokens = token_count(metadata["candidatesTokenCount"]) + out.reasoning_tokens;
    out.total_tokens = out.prompt_tokens + out.completion_tokens;
    out.cached_tokens = std::min(token_count(metadata["cachedContentTokenCount"]), out.prompt_tokens);
    const auto part = [](json::value details, std::string_view word, std::int64_t whole) {
        return std::min(of_modality(details, word), whole);
    };
    out.prompt_audio_tokens = part(metadata["promptTokensDetails"], "AUDIO", out.prompt_tokens);
    out.prompt_image_tokens = part(metadata["promptTokensDetails"], "IMAGE", out.prompt_tokens);
    out.completion_audio_tokens = part(metadata["candidatesTokensDetails"], "AUDIO", out.completion_tokens);
    out.completion_image_tokens = part(metadata["candidatesTokensDetails"], "IMAGE", out.completion_tokens);
    return out;
}

void write_usage(raw_writer& to, usage const& tokens)
{
    json::writer& out = to.out();
    const auto if_any = [&](std::string_view name, std::int64_t number) {
        if (number > 0) {
            out.member(name, number);
        }
    };
    out.begin_object();
    if (tokens.reported) {
        out.member("promptTokenCount",
                   std::max<std::int64_t>(tokens.prompt_tokens - brought_by_tools(tokens), 0));
        out.member("candidatesTokenCount",
                   std::max<std::int64_t>(tokens.completion_tokens - tokens.reasoning_tokens, 0));
        out.member("totalTokenCount", tokens.total_tokens);
        if_any("cachedContentTokenCount", tokens.cached_tokens);
        if_any("thoughtsTokenCount", tokens.reasoning_tokens);
    }
    const auto details = [&](std::string_view name, std::int64_t audio, std::int64_t image) {
        if (tokens.extra.find(name) != nullptr || audio + image <= 0) {
            return;
        }
        out.key(name).begin_array();
        for (auto const& [word, number] : {std::pair{"AUDIO", audio}, std::pair{"IMAGE", image}}) {
            if (number > 0) {
                out.begin_object().member("modality", word).member("tokenCount", number).end_object();
            }
        }
        out.end_array();
    };
    details("promptTokensDetails", tokens.prompt_audio_tokens, tokens.prompt_image_tokens);
    details("candidatesTokensDetails", tokens.completion_audio_tokens, tokens.completion_image_tokens);
    for (auto const& [name, value] : tokens.extra) {
        if (name.find('_') == std::string::npos) { // Google's names; strict clients refuse others
            to.member(name, value);
        }
    }
    out.end_object();
}

} // namespace cogate::providers::gemini

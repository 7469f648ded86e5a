#include "providers/openai_media/token_usage.hpp"
#include "providers/common/token_count.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cogate::providers::openai_media {

namespace {

constexpr std::array<std::string_view, 10> known = {"total_tokens",          "input_tokens",
                                                    "prompt_tokens",         "input_tokens_details",
                                                    "input_token_details",   "prompt_tokens_details",
                                                    "output_tokens",         "completion_tokens",
                                                    "output_tokens_details", "completion_tokens_details"};
constexpr std::array<std::string_view, 5> known_input = {"text_tokens", "image_tokens", "audio_tokens",
                                                         "cached_tokens", "cache_write_tokens"};
constexpr std::array<std::string_view, 4> known_output = {"text_tokens", "image_tokens", "audio_tokens",
                                                          "reasoning_tokens"};
constexpr std::string_view input_leftovers = "prompt_tokens_details";
constexpr std::string_view output_leftovers = "completion_tokens_details";
constexpr std::array<std::string_view, 2> inner = {input_leftovers, output_leftovers};

json::value first_of(json::value object, std::string_view a, std::string_view b, std::string_view c = {})
{
    for (std::string_view const name : {a, b, c}) {
        if (const json::value found = object[name]; found.exists()) {
            return found;
        }
    }
    return {};
}

} // namespace

usage read_usage(json::value object)
{
    usage out;
    if (!object.is_object()) {
        return out;
    }
    out.reported = true;
    out.prompt_tokens = token_count(first_of(object, "input_tokens", "prompt_tokens"));
    out.completion_tokens = token_count(first_of(object, "output_tokens", "completion_tokens"));
    const json::value input =
        first_of(object, "input_tokens_details", "input_token_details", "prompt_tokens_details");
    const json::value output = first_of(object, "output_tokens_details", "completion_tokens_details");
    out.prompt_audio_tokens = token_count(input["audio_tokens"]);
    out.prompt_image_tokens = token_count(input["image_tokens"]);
    out.completion_audio_tokens = token_count(output["audio_tokens"]);
    out.completion_image_tokens = token_count(output["image_tokens"]);
    out.reasoning_tokens = std::min(token_count(output["reasoning_tokens"]), out.completion_tokens);
    out.total_tokens = token_count(object["total_tokens"]);
    const std::int64_t outside = out.total_tokens - out.prompt_tokens - out.completion_tokens;
    if (outside > 0 && outside == out.prompt_audio_tokens) {
        out.prompt_tokens += outside;
    }
    if (out.total_tokens == 0) {
        out.total_tokens = out.prompt_tokens + out.completion_tokens;
    }
    out.cached_tokens = std::min(token_count(input["cached_tokens"]), out.prompt_tokens);
    out.cache_write_tokens = std::min(token_count(input["cache_write_tokens"]), out.prompt_tokens);
    keep_unknown(object, known, out.extra);
    keep_leftovers(input, input_leftovers, known_input, out.extra);
    keep_leftovers(output, output_leftovers, known_output, out.extra);
    return out;
}

namespace {

void write_input(raw_writer& to, usage const& tokens, usage_style style)
{
    json::writer& out = to.out();
    out.key(style == usage_style::image ? "input_tokens_details" : "input_token_details").begin_object();
    const std::int64_t media = tokens.prompt_audio_tokens + tokens.prompt_image_tokens;
    out.member("text_tokens", std::max<std::int64_t>(0, tokens.prompt_tokens - media));
    if (style == usage_style::image || tokens.prompt_image_tokens != 0) {
        out.member("image_tokens", tokens.prompt_image_tokens);
    }
    if (style == usage_style::audio || tokens.prompt_audio_tokens != 0) {
        out.member("audio_tokens", tokens.prompt_audio_tokens);
    }
    for (auto const& [name, n] : {std::pair{"cached_tokens", tokens.cached_tokens},
                                  std::pair{"cache_write_tokens", tokens.cache_write_tokens}}) {
        if (n != 0) {
            out.member(name, n);
        }
    }
    to.leftovers(tokens.extra, input_leftovers);
    out.end_object();
}

void write_output(raw_writer& to, usage const& tokens)
{
    const std::array counts = {std::pair{"image_tokens", tokens.completion_image_tokens},
                               std::pair{"audio_tokens", tokens.completion_audio_tokens},
                               std::pair{"reasoning_tokens", tokens.reasoning_tokens}};
    const bool any = std::any_of(counts.begin(), counts.end(), [](auto const& c) { return c.second != 0; });
    if (!any && tokens.extra.find(output_leftovers) == nullptr) {
        return;
    }
    json::writer& out = to.out();
    out.key("output_tokens_details").begin_object();
    for (auto const& [name, n] : counts) {
        if (n != 0) {
            out.member(name, n);
        }
    }
    to.leftovers(tokens.extra, output_leftovers);
    out.end_object();
}

} // namespace

void write_usage(raw_writer& to, usage const& tokens, usage_style style)
{
    json::writer& out = to.out();
    out.begin_object();
    if (tokens.total_tokens != 0) {
        out.member("total_tokens", tokens.total_tokens).member("input_tokens", tokens.prompt_tokens);
        write_input(to, tokens, style);
        out.member("output_tokens", tokens.completion_tokens);
        write_output(to, tokens);
    }
    to.extra(tokens.extra, inner);
    out.end_object();
}

} // namespace cogate::providers::openai_media

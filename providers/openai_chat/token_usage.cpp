#include "providers/openai_chat/token_usage.hpp"
#include "providers/common/token_count.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace cogate::providers::openai_chat {

namespace {

constexpr std::array<std::string_view, 5> known = {"prompt_tokens", "completion_tokens", "total_tokens",
                                                   "prompt_tokens_details", "completion_tokens_details"};

/// One name and where its number goes.
struct counter {
    std::string_view name;
    std::int64_t usage::*place;
};

constexpr std::array<counter, 3> totals = {{{"prompt_tokens", &usage::prompt_tokens},
                                            {"completion_tokens", &usage::completion_tokens},
                                            {"total_tokens", &usage::total_tokens}}};
constexpr std::array<counter, 4> of_prompt = {{{"cached_tokens", &usage::cached_tokens},
                                               {"cache_write_tokens", &usage::cache_write_tokens},
                                               {"audio_tokens", &usage::prompt_audio_tokens},
                                               {"image_tokens", &usage::prompt_image_tokens}}};
constexpr std::array<counter, 5> of_completion = {
    {{"reasoning_tokens", &usage::reasoning_tokens},
     {"audio_tokens", &usage::completion_audio_tokens},
     {"image_tokens", &usage::completion_image_tokens},
     {"accepted_prediction_tokens", &usage::accepted_prediction_tokens},
     {"rejected_prediction_tokens", &usage::rejected_prediction_tokens}}};
constexpr std::array<std::string_view, 2> inner = {"prompt_tokens_details", "completion_tokens_details"};

/// Whether the member is one of the rows; of equal ones the last counts.
bool take(json::member const& one, std::span<counter const> rows, usage& out) noexcept
{
    for (counter const& row : rows) {
        if (row.name == one.key) {
            out.*row.place = token_count(one.val);
            return true;
        }
    }
    return false;
}

/// Whether there are members that no row names.
bool take_all(json::value object, std::span<counter const> rows, usage& out) noexcept
{
    bool others = false;
    for (json::member const one : object.members()) {
        others = !take(one, rows, out) || others;
    }
    return others;
}

template <std::size_t Count>
std::array<std::string_view, Count> names_of(std::array<counter, Count> const& rows) noexcept
{
    std::array<std::string_view, Count> names;
    std::transform(rows.begin(), rows.end(), names.begin(), [](counter const& row) { return row.name; });
    return names;
}

} // namespace

usage read_usage(json::value object, chat_quirks::usage_rule rule)
{
    usage out;
    if (!object.is_object()) {
        return out;
    }
    out.reported = true;
    json::value prompt;
    json::value completion;
    bool others = false;
    for (json::member const one : object.members()) {
        if (take(one, totals, out)) {
            continue;
        }
        if (one.key == inner[0]) {
            prompt = one.val;
        } else if (one.key == inner[1]) {
            completion = one.val;
        } else {
            others = true;
        }
    }
    if (take_all(prompt, of_prompt, out)) {
        keep_leftovers(prompt, inner[0], names_of(of_prompt), out.extra);
    }
    if (take_all(completion, of_completion, out)) {
        keep_leftovers(completion, inner[1], names_of(of_completion), out.extra);
    }
    if (others) {
        // Elsewhere on DeepSeek, Mistral and Moonshot.
        for (std::string_view const name :
             {"prompt_cache_hit_tokens", "num_cached_tokens", "cached_tokens"}) {
            if (out.cached_tokens == 0) {
                out.cached_tokens = token_count(object[name]);
            }
        }
        keep_unknown(object, known, out.extra);
    }
    // Azure's grok reports more cached than prompt tokens.
    out.cached_tokens = std::min(out.cached_tokens, out.prompt_tokens);
    out.cache_write_tokens = std::min(out.cache_write_tokens, out.prompt_tokens);

    const std::int64_t outside = out.total_tokens - out.prompt_tokens - out.completion_tokens;
    if (out.total_tokens == 0) {
        if (rule == chat_quirks::usage_rule::reasoning_beside) {
            out.completion_tokens += out.reasoning_tokens;
        }
        out.total_tokens = out.prompt_tokens + out.completion_tokens;
    } else if (outside > 0 && (out.reasoning_tokens == outside || out.reasoning_tokens == 0)) {
        out.completion_tokens += outside;
        out.reasoning_tokens = outside;
    }

    out.reasoning_tokens = std::min(out.reasoning_tokens, out.completion_tokens);
    return out;
}

void write_usage(raw_writer& to, usage const& tokens)
{
    json::writer& out = to.out();
    const auto if_any = [&](std::string_view name, std::int64_t n) {
        if (n != 0) {
            out.member(name, n);
        }
    };
    out.begin_object();
    out.member("prompt_tokens", tokens.prompt_tokens);
    out.member("completion_tokens", tokens.completion_tokens);
    out.member("total_tokens", tokens.total_tokens);
    out.key("prompt_tokens_details").begin_object();
    out.member("cached_tokens", tokens.cached_tokens);
    out.member("audio_tokens", tokens.prompt_audio_tokens);
    if_any("cache_write_tokens", tokens.cache_write_tokens);
    if_any("image_tokens", tokens.prompt_image_tokens);
    to.leftovers(tokens.extra, inner[0]);
    out.end_object();
    out.key("completion_tokens_details").begin_object();
    out.member("reasoning_tokens", tokens.reasoning_tokens);
    out.member("audio_tokens", tokens.completion_audio_tokens);
    out.member("accepted_prediction_tokens", tokens.accepted_prediction_tokens);
    out.member("rejected_prediction_tokens", tokens.rejected_prediction_tokens);
    if_any("image_tokens", tokens.completion_image_tokens);
    to.leftovers(tokens.extra, inner[1]);
    out.end_object();
    to.extra(tokens.extra, inner);
    out.end_object();
}

} // namespace cogate::providers::openai_chat

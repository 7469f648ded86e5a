#include "providers/gemini/finish.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::gemini {

namespace {

// In the order of their numbers, and all that end an answer because of its content.
constexpr std::array<std::string_view, 10> numbered = {"FINISH_REASON_UNSPECIFIED",
                                                       "STOP",
                                                       "MAX_TOKENS",
                                                       "SAFETY",
                                                       "RECITATION",
                                                       "OTHER",
                                                       "BLOCKLIST",
                                                       "PROHIBITED_CONTENT",
                                                       "SPII",
                                                       "MALFORMED_FUNCTION_CALL"};
constexpr std::array<std::string_view, 11> filtered = {"SAFETY",
                                                       "RECITATION",
                                                       "LANGUAGE",
                                                       "BLOCKLIST",
                                                       "PROHIBITED_CONTENT",
                                                       "SPII",
                                                       "IMAGE_SAFETY",
                                                       "IMAGE_PROHIBITED_CONTENT",
                                                       "IMAGE_RECITATION",
                                                       "MODEL_ARMOR",
                                                       "JAILBREAK"};
constexpr std::array<std::string_view, 10> odd = {"LANGUAGE",
                                                  "MODEL_ARMOR",
                                                  "IMAGE_SAFETY",
                                                  "IMAGE_PROHIBITED_CONTENT",
                                                  "IMAGE_RECITATION",
                                                  "IMAGE_OTHER",
                                                  "NO_IMAGE",
                                                  "UNEXPECTED_TOOL_CALL",
                                                  "TOO_MANY_TOOL_CALLS",
                                                  "MISSING_THOUGHT_SIGNATURE"};

template <std::size_t N>
bool has(std::array<std::string_view, N> const& list, std::string_view word) noexcept
{
    return std::find(list.begin(), list.end(), word) != list.end();
}

} // namespace

std::string finish_word(json::value value)
{
    if (const auto number = value.as_int64();
        number && *number >= 0 && *number < static_cast<std::int64_t>(numbered.size())) {
        return std::string(numbered[static_cast<std::size_t>(*number)]);
    }
    return value.is_number() ? "OTHER" : value.string();
}

finish_reason read_finish(std::string_view word, bool called) noexcept
{
    if (word.empty()) {
        return finish_reason::none;
    }
    if (word == "MAX_TOKENS") {
        return finish_reason::length;
    }
    if (has(filtered, word)) {
        return finish_reason::content_filter;
    }
    return called ? finish_reason::tool_calls : finish_reason::stop;
}

std::string_view write_finish(finish_reason why, std::string_view native) noexcept
{
    if (has(numbered, native) || has(odd, native)) {
        return native;
    }
    switch (why) {
    case finish_reason::none: return {};
    case finish_reason::length: return "MAX_TOKENS";
    case finish_reason::content_filter: return "SAFETY";
    case finish_reason::other: return "OTHER";
    default: return "STOP";
    }
}

} // namespace cogate::providers::gemini

#pragma once
/// Finds the members of a request's body that are for the gateway and not for the provider. Pure; any thread.

#include "lib/core/json/scanner.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace cogate::server {

enum request_field : std::size_t {
    fallbacks,
    disable_fallbacks,
    num_retries,
    tags,
    mock_fallbacks,
    mock_context,
    mock_context_window,
    mock_content_policy,
    mock_rate_limit,
    metadata, // OpenAI's own: read, never removed
    api_base, // from here on: where and as whom to call, which no client says
    api_key,
    base_url,
    field_count
};

inline constexpr std::array<std::string_view, field_count> request_field_names{
    "fallbacks",
    "disable_fallbacks",
    "num_retries",
    "tags",
    "mock_testing_fallbacks",
    "mock_testing_context_fallbacks",
    "mock_testing_context_window_fallbacks",
    "mock_testing_content_policy_fallbacks",
    "mock_testing_rate_limit_error",
    "metadata",
    "api_base",
    "api_key",
    "base_url"};

// The names of the last three; the quote before them is at `at`.
inline bool begins_a_place(std::string_view body, std::size_t at) noexcept
{
    std::string_view const rest = body.substr(at + 1);
    return rest.starts_with("api_base\"") || rest.starts_with("api_key\"") || rest.starts_with("base_url\"");
}

// All the other names end in one of these, and then a quote.
inline bool ends_like_a_field(std::string_view text) noexcept
{
    return text.ends_with("fallbacks") || text.ends_with("\"tags") || text.ends_with("num_retries") ||
           text.ends_with("rate_limit_error");
}

/// Whether one of the names may be there, at any depth.
inline bool may_hold_a_field(std::string_view body) noexcept
{
    std::size_t at = 1;
#if defined(__SSE2__)
    for (; at + 17 <= body.size(); at += 16) {
        char const* const here = body.data() + at;
        __m128i const now = _mm_loadu_si128(reinterpret_cast<__m128i const*>(here));
        __m128i const before = _mm_loadu_si128(reinterpret_cast<__m128i const*>(here - 1));
        __m128i const after = _mm_loadu_si128(reinterpret_cast<__m128i const*>(here + 1));
        __m128i const first = _mm_or_si128(_mm_cmpeq_epi8(after, _mm_set1_epi8('a')),
                                           _mm_cmpeq_epi8(after, _mm_set1_epi8('b')));
        __m128i const quote = _mm_cmpeq_epi8(now, _mm_set1_epi8('"'));
        __m128i const last = _mm_or_si128(_mm_cmpeq_epi8(before, _mm_set1_epi8('s')),
                                          _mm_cmpeq_epi8(before, _mm_set1_epi8('r')));
        __m128i const both = _mm_and_si128(_mm_or_si128(first, last), quote);
        for (auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(both)); mask != 0; mask &= mask - 1) {
            std::size_t const where = at + static_cast<std::size_t>(std::countr_zero(mask));
            if (ends_like_a_field(body.substr(0, where)) || begins_a_place(body, where)) {
                return true;
            }
        }
    }
#endif
    for (; at < body.size(); ++at) {
        if (body[at] == '"' && (ends_like_a_field(body.substr(0, at)) || begins_a_place(body, at))) {
            return true;
        }
    }
    return false;
}

/// An object's text without members that were found in it.
inline std::string without_members(std::string_view body, std::vector<json::member_query> gone)
{
    auto const is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    std::sort(gone.begin(), gone.end(),
              [](auto const& a, auto const& b) { return a.member_begin < b.member_begin; });
    std::string out;
    out.reserve(body.size());
    std::size_t at = 0;
    for (json::member_query const& each : gone) {
        out += body.substr(at, each.member_begin - at);
        at = each.member_end;
        while (is_space(body[at])) {
            ++at;
        }
        if (body[at] == ',') {
            ++at;
            continue;
        }
        // the last member: the comma before it goes instead
        while (is_space(out.back())) {
            out.pop_back();
        }
        if (out.back() == ',') {
            out.pop_back();
        }
    }
    out += body.substr(at);
    return out;
}

/// The fields of a body, as found. The body must outlive it.
class request_members {
public:
    explicit request_members(std::string_view body) : body_(body)
    {
        for (std::size_t i = 0; i != field_count; ++i) {
            found_[i].key = request_field_names[i];
        }
        json::scan_error error;
        good_ = json::find_members(body, found_, error);
    }

    bool any() const noexcept
    {
        return good_ && std::any_of(found_.begin(), found_.end(),
                                    [](json::member_query const& each) { return each.found; });
    }

    bool removable() const noexcept { return routes() || found_[tags].found; }
    bool routes() const noexcept
    {
        return std::any_of(found_.begin(), found_.begin() + metadata, [](auto const& each) {
            return each.found && each.key != request_field_names[tags];
        });
    }

    std::string_view text(request_field which) const noexcept { return found_[which].value_in(body_); }
    json::kind kind(request_field which) const noexcept
    {
        return found_[which].found ? found_[which].kind : json::kind::null;
    }

    /// The body without those that may be removed.
    std::string without() const
    {
        std::vector<json::member_query> gone;
        std::copy_if(found_.begin(), found_.begin() + metadata, std::back_inserter(gone),
                     [](auto const& each) { return each.found; });
        return without_members(body_, std::move(gone));
    }

private:
    std::string_view body_;
    std::array<json::member_query, field_count> found_{};
    bool good_ = false;
};

} // namespace cogate::server

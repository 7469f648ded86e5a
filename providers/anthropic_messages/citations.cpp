#include "providers/anthropic_messages/citations.hpp"

#include "lib/core/json/writer.hpp"
#include "lib/core/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace cogate::providers::anthropic_messages {

void append_annotations(json::value citations, std::size_t begin, std::size_t end, std::string& items)
{
    for (json::value citation : citations) {
        if (!citation["url"].is_string()) {
            continue;
        }
        if (!items.empty()) {
            items += ',';
        }
        json::writer out(items);
        out.begin_object().member("type", "url_citation").key("url_citation").begin_object();
        out.member("start_index", begin).member("end_index", end);
        out.raw_member("url", citation["url"].raw());
        if (citation["title"].is_string()) {
            out.raw_member("title", citation["title"].raw());
        }
        out.end_object().end_object();
    }
}

std::size_t character_count(std::string_view text) noexcept
{
    // All bytes but the continuations, 0b10xxxxxx; eight at a time.
    constexpr std::uint64_t ones = 0x0101010101010101U;
    std::size_t count = text.size();
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        count -= static_cast<std::size_t>((((word >> 7) & ~(word >> 6) & ones) * ones) >> 56);
    }
    for (; at != text.size(); ++at) {
        count -= core::is_utf8_continuation(static_cast<unsigned char>(text[at])) ? 1U : 0U;
    }
    return count;
}

} // namespace cogate::providers::anthropic_messages

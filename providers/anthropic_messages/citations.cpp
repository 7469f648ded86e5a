#include "providers/anthropic_messages/citations.hpp"

#include "lib/core/json/writer.hpp"
#include "lib/core/utf8.hpp"

#include <algorithm>

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
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return !core::is_utf8_continuation(static_cast<unsigned char>(c));
    }));
}

} // namespace cogate::providers::anthropic_messages

#pragma once

#include "lib/core/json/document.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cogate::providers::anthropic_messages {

/// Appends those of a text block's citations that have a URL as OpenAI's annotations: objects with a comma between.
/// The block is the characters [begin, end) of the message's text.
void append_annotations(json::value citations, std::size_t begin, std::size_t end, std::string& items);

/// Characters (code points) of a valid UTF-8 text.
std::size_t character_count(std::string_view text) noexcept;

} // namespace cogate::providers::anthropic_messages

#pragma once
/// Why an answer ended: Google's words and OpenAI's (providers.md 5.3).

#include <cogate/chat.hpp>

#include "lib/core/json/document.hpp"

#include <string>
#include <string_view>

namespace cogate::providers::gemini {

/// The word, also of the number that `enum-encoding=int` gives.
std::string finish_word(json::value value);

/// `called`: the answer calls tools, for which Google has no word of its own.
finish_reason read_finish(std::string_view word, bool called) noexcept;

/// Google's word: the native one where it is Google's.
std::string_view write_finish(finish_reason why, std::string_view native) noexcept;

} // namespace cogate::providers::gemini

#pragma once
/// Pure, safe from any thread, no allocation.

#include <string_view>

#include "lib/core/json/syntax.hpp"

namespace cogate::json {

/// Whether the text is one JSON value by the tokenizer's strict rules. Unlike the scanner it minds neither how many
/// members an object has nor whether one is repeated.
bool is_valid(std::string_view text, unsigned max_depth = default_max_depth) noexcept;

/// The same, and the value is an object.
bool is_valid_object(std::string_view text, unsigned max_depth = default_max_depth) noexcept;

} // namespace cogate::json

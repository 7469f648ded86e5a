#pragma once
/// Google takes every member name as lowerCamelCase and as snake_case (providers.md 5.2); here names are
/// camel.

#include "lib/core/json/document.hpp"
#include "providers/common/fields.hpp"

#include <span>
#include <string>
#include <string_view>

namespace cogate::providers::gemini {

/// "maxOutputTokens" for "max_output_tokens"; other names stay.
std::string camel(std::string_view name);

/// The member of that name in either spelling; the camel one where both are there.
json::value member(json::value object, std::string_view camel_name);

/// The name as this object spells it, for a reader.
std::string key_of(json::value object, std::string_view camel_name);

/// Members that `known` does not name in either spelling.
void keep_unknown(json::value object, std::span<std::string_view const> known, extra_fields& extra);

/// The same as one object under `name`; nothing when there are none.
void keep_leftovers(json::value object, std::string_view name, std::span<std::string_view const> known,
                    extra_fields& extra);

/// JSON without the white space between its tokens. `text` must be valid.
std::string compact(std::string_view text);

/// Lower case of an enum word ("STRING"); empty when this is no string.
std::string lower_word(json::value word);

/// A list, or a lone element where a list is meant: Google takes both.
std::vector<json::value> elements(json::value list);

} // namespace cogate::providers::gemini

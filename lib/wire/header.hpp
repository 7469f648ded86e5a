#pragma once

#include "lib/wire/ascii.hpp"
#include "lib/wire/field_text.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace cogate::wire {

/// One HTTP field as views; the owner of the bytes is whoever made the list.
struct header {
    std::string_view name;
    std::string_view value;
};

/// Value of the first field called `name` (case-insensitive), nothing when there is none.
inline std::optional<std::string_view> find_header(std::span<const header> fields,
                                                   std::string_view name) noexcept
{
    for (const header& field : fields) {
        if (ascii_iequals(field.name, name)) {
            return field.value;
        }
    }
    return std::nullopt;
}

/// RFC 9110 token: not empty, tchar only.
inline bool valid_field_name(std::string_view name) noexcept
{
    return !name.empty() && token_prefix(name) == name.size();
}

/// No control character but HTAB, so no CR, LF or NUL; the empty value is valid.
inline bool valid_field_value(std::string_view value) noexcept
{
    return field_value_prefix(value) == value.size();
}

/// A request target we would write or accept: not empty, visible ASCII only.
constexpr bool valid_target(std::string_view target) noexcept
{
    return !target.empty() && all_of_class(target, char_visible);
}

} // namespace cogate::wire

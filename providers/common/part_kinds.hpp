#pragma once
/// What the messages and parts of several dialects have in common.

#include <cogate/message.hpp>

#include "providers/common/fields.hpp"

namespace cogate::providers {

/// The word for a role where there are no developers.
std::string_view plain_role_name(role who) noexcept;

/// A part as it stands, for kinds that are not known.
unknown_part whole_part(json::value value);

/// The `type` of a part; a missing value, with the fault said, if it is no object with such a text.
json::value part_type(reader& in, json::value part, place const& at);

/// A text that a part must have; false, with the fault said.
bool read_needed_text(reader& in, json::value part, std::string_view name, place const& at, std::string& out);

} // namespace cogate::providers

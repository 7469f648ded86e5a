#pragma once

#include "providers/settings.hpp"

#include <optional>
#include <string>

namespace cogate::providers::vertex {

/// The JSON of `vertex_credentials`, inline or from the file it names; nothing when it is not set or cannot
/// be read. Holds a secret: wipe it after use.
std::optional<std::string> credentials_text(settings const& given);

/// `vertex_project`, else the `project_id` (or `quota_project_id`) of the credentials; may be empty.
std::string project_of(settings const& given);

/// Letters, digits and "-._:" only, so that it can stand in a host or a path.
bool is_plain_name(std::string_view text) noexcept;

} // namespace cogate::providers::vertex

#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace cogate::providers {

/// A file of at most 64 KiB, read when a deployment is set up; nothing when it is empty, larger or cannot be read. What
/// it holds may be a secret: wipe it after use.
std::optional<std::string> read_small_file(std::filesystem::path const& path);

} // namespace cogate::providers

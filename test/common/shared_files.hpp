#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>

/// Recorded data that tests use when it is there; a checkout without it skips those tests by name.
namespace cogate::test {

/// The folder of shared data: the environment variable COGATE_SHARED, else `shared` beside the source tree
/// or beside one of the folders above it.
inline std::optional<std::filesystem::path> shared_dir()
{
    std::error_code ec;
    if (const char* named = std::getenv("COGATE_SHARED"); named != nullptr && *named != '\0') {
        std::filesystem::path path(named);
        return std::filesystem::is_directory(path, ec) ? std::optional(path) : std::nullopt;
    }
#ifdef COGATE_SOURCE_DIR
    for (std::filesystem::path at(COGATE_SOURCE_DIR); at.has_relative_path(); at = at.parent_path()) {
        std::filesystem::path path = at.parent_path() / "shared";
        if (std::filesystem::is_directory(path, ec)) {
            return path;
        }
    }
#endif
    return std::nullopt;
}

/// Whole file as bytes; empty when it cannot be read.
inline std::string read_file(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

} // namespace cogate::test

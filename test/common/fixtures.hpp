#pragma once

#include "test/common/shared_files.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test {

/// Files under shared/fixtures/<folder> whose names end so, sorted; empty without the shared folder.
inline std::vector<std::filesystem::path> fixtures(std::string const& folder, std::string_view ending)
{
    std::vector<std::filesystem::path> out;
    const auto shared = shared_dir();
    if (!shared || !std::filesystem::is_directory(*shared / "fixtures" / folder)) {
        return out;
    }
    for (auto const& entry : std::filesystem::directory_iterator(*shared / "fixtures" / folder)) {
        if (entry.path().string().ends_with(ending)) {
            out.push_back(entry.path());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace cogate::test

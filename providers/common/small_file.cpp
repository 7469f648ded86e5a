#include "providers/common/small_file.hpp"

#include "lib/core/secret.hpp"

#include <fstream>

namespace cogate::providers {

namespace {

constexpr std::size_t most_bytes = 64 * 1024;

} // namespace

std::optional<std::string> read_small_file(std::filesystem::path const& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return std::nullopt;
    }
    std::string text(most_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.empty() || text.size() > most_bytes) {
        core::wipe(text);
        return std::nullopt;
    }
    return text;
}

} // namespace cogate::providers

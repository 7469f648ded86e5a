#include "lib/config/diagnostic.hpp"

#include <algorithm>

namespace cogate::config {

std::string to_text(diagnostic const& what)
{
    std::string out = what.file;
    if (what.line != 0) {
        out += ':' + std::to_string(what.line) + ':' + std::to_string(what.column);
    }
    out += what.severity == severity::error ? ": error: " : ": warning: ";
    out += what.message;
    for (char& c : out) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            c = '?';
        }
    }
    return out;
}

bool has_error(std::vector<diagnostic> const& list) noexcept
{
    return std::any_of(list.begin(), list.end(),
                       [](diagnostic const& d) { return d.severity == severity::error; });
}

} // namespace cogate::config

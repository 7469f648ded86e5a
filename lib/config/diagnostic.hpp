#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace cogate::config {

enum class severity { warning, error };

/// Something to say about a place in a configuration file. It never holds the value of a secret.
struct diagnostic {
    std::string file;
    std::size_t line = 0;   ///< from 1; 0: the file as a whole
    std::size_t column = 0; ///< from 1
    config::severity severity = severity::error;
    std::string message;

    friend bool operator==(diagnostic const&, diagnostic const&) = default;
};

/// "config.yaml:12:5: error: ...", without a line end. Control characters become '?': the text may quote the
/// file.
std::string to_text(diagnostic const& what);

bool has_error(std::vector<diagnostic> const& list) noexcept;

} // namespace cogate::config

#pragma once

#include <cogate/model.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace cogate::cli {

/// What `cogate serve` says when it listens.
struct serve_banner {
    std::string version;
    std::string host;
    std::uint16_t port = 0;
    unsigned workers = 1;
    std::string config; ///< path; empty: none
    bool needs_key = false;
    std::vector<model> models;
};

/// Some lines for a person, the last of them a curl command that works in a shell as it stands (with a master
/// key, once $KEY holds it). Pure.
std::string to_text(serve_banner const& facts);

} // namespace cogate::cli

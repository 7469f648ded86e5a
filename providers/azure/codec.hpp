#pragma once
/// The pieces of the folder, one per file; dialect.cpp puts them behind the interface.

#include "providers/client_dialect.hpp"

namespace cogate::providers::azure {

failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now);

} // namespace cogate::providers::azure

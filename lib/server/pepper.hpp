#pragma once

#include <cogate/result.hpp>
#include <cogate/secret.hpp>

#include <string>

namespace cogate::server {

/// The secret of key digests that lies in a file, readable by its owner only: 256 random bits in hex. It is made when
/// there is none and `may_make`; without it every virtual key is lost, so where keys exist its absence is a failure.
/// Failures: `service_unavailable` that names the file. Blocks.
result<secret> keep_pepper(std::string const& path, bool may_make);

} // namespace cogate::server

#pragma once
/// What the framings of a stream share.

#include "providers/stream_decoder.hpp"

namespace cogate::providers {

/// bad_gateway/"upstream_event_too_large".
failure event_too_large();

} // namespace cogate::providers

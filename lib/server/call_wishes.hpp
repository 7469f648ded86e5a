#pragma once

#include <cogate/call_options.hpp>
#include <cogate/result.hpp>

#include "transports/listener/listener.hpp"

namespace cogate::server {

/// What a client's header fields say about its call:
/// `x-cogate-timeout-ms` (whole milliseconds, for the whole call), `x-cogate-explain: 1`, `x-cogate-priority` (interactive, batch), `x-litellm-tags` (comma
/// separated), `x-litellm-timeout` (seconds), `x-litellm-num-retries`.
/// A value that makes no sense is a 400 that names the field.
result<call_options> read_wishes(transports::inbound_request const& request);

} // namespace cogate::server

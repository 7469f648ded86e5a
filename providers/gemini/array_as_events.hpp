#pragma once

#include "providers/express_lane.hpp"

#include <cstddef>
#include <memory>

namespace cogate::providers::gemini {

/// The JSON array that Google sends without alt=sse, as the events that it sends with it. An element may hold
/// `max_event_bytes`.
std::unique_ptr<stream_reframer> array_as_events(std::size_t max_event_bytes);

} // namespace cogate::providers::gemini

#pragma once

#include "lib/config/reader.hpp"
#include "lib/config/routing_draft.hpp"
#include "lib/policy/route_table.hpp"

namespace cogate::config {

/// Reads `litellm_settings` or `router_settings`: what a later call says replaces what an earlier one said.
void read_routing_section(reader& in, section where, YAML::Node const& node, settings& to,
                          routing_draft& draft);

/// Puts together what several keys decide: admission, background health checks.
void settle_wishes(routing_wishes const& wishes, router_options& to);

/// Checks the draft's names against the groups of `model_list` (and, where the environment provides, the
/// services whose key is set), takes them over, and refuses fallbacks that lead back to where they came from.
/// "*" and `default_fallbacks` stand for all groups and are no part of such a circle.
void check_routing(reader& in, routing_draft const& draft, policy::route_table groups, settings& to);

} // namespace cogate::config

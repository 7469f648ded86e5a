#pragma once

#include "lib/config/reader.hpp"
#include "lib/config/routing_draft.hpp"

#include <string>
#include <vector>

namespace cogate::config {

/// A list of one-key mappings, `[{group: [other, {model: third}]}]`, in the place of `into`. Null leaves it.
void read_rules(reader& in, member const& list, settings& to, std::vector<rule_draft>& into);

/// A list of models, likewise.
void read_targets(reader& in, YAML::Node const& list, std::string const& what, settings& to,
                  std::vector<placed_name>& into);

/// Refuses rules of one list that lead back to a group that they came from: a -> b -> a. The names are those
/// of groups; rules for "*" are left out.
void check_cycles(reader& in, std::string const& what, std::vector<rule_draft> const& rules);

} // namespace cogate::config

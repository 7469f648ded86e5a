#pragma once

#include "lib/ledger/accounts/principal.hpp"

#include <span>
#include <string>
#include <string_view>

namespace cogate::ledger {

/// Whether one of a key's `allowed_routes` names a route (see may_use_route). An entry may have the version's
/// prefix that `path` lacks. Pure.
bool is_listed_route(std::span<std::string const> allowed, route_class what, std::string_view path) noexcept;

/// Whether `text` matches a pattern in which each '*' stands for any text. Takes time of the order of both
/// lengths multiplied. Pure.
bool matches(std::string_view pattern, std::string_view text) noexcept;

} // namespace cogate::ledger

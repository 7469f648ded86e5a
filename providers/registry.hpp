#pragma once

#include "providers/client_dialect.hpp"
#include "providers/provider.hpp"
#include "providers/server_dialect.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace cogate::providers {

/// The table of named services, in a fixed order.
std::span<provider const> all_providers() noexcept;

/// The row of a name, or nullptr.
provider const* find_provider(std::string_view name) noexcept;

/// The halves of a dialect, or nullptr when there is none of that name.
client_dialect const* find_client_dialect(std::string_view name) noexcept;
server_dialect const* find_server_dialect(std::string_view name) noexcept;

/// How a deployment of the service proves who it is. Fails when something is missing or malformed; the text says
/// what to set.
result<std::unique_ptr<credential>> make_credential(provider const& row, client_dialect const& dialect,
                                                    secret const& key, settings const& given);

} // namespace cogate::providers

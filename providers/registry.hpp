#pragma once

#include "lib/wire/scripted_reply.hpp"
#include "providers/dialect.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace cogate::providers {

/// A row of the provider table (providers.def).
struct provider {
    std::string_view name; ///< the prefix in "name/model"
    std::string_view dialect;
    std::string_view base_url;
    std::string_view key_variable;         ///< environment variable of the key; empty: no key needed
    std::string_view base_variable;        ///< environment variable that replaces base_url; may be empty
    wire::local_responder local = nullptr; ///< answers in the process instead of over a network
};

/// The table of named services, in a fixed order.
std::span<provider const> all_providers() noexcept;

/// The row of a name, or nullptr.
provider const* find_provider(std::string_view name) noexcept;

/// The halves of a dialect, or nullptr when there is none of that name.
client_dialect const* find_client_dialect(std::string_view name) noexcept;
server_dialect const* find_server_dialect(std::string_view name) noexcept;

} // namespace cogate::providers

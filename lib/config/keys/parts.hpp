#pragma once
/// The table of keys, one part per file. Each is in the order of its sections.

#include "lib/config/keys.hpp"

#include <span>

namespace cogate::config {

std::span<key const> top_and_litellm_keys() noexcept; ///< top level, litellm_settings, general_settings
std::span<key const> model_list_keys() noexcept;      ///< entries of model_list
std::span<key const> router_keys() noexcept;          ///< router_settings and the mappings within
std::span<key const> own_keys() noexcept;             ///< cogate
std::span<key const> money_keys() noexcept;           ///< budgets, the ledger, and what keys get

} // namespace cogate::config

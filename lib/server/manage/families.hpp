#pragma once

#include "lib/server/manage/handler.hpp"

#include <span>

namespace cogate::server::manage {

std::span<managed_route const> key_routes() noexcept;
std::span<managed_route const> user_routes() noexcept;
std::span<managed_route const> team_routes() noexcept;
std::span<managed_route const> organisation_routes() noexcept;
std::span<managed_route const> customer_routes() noexcept;
std::span<managed_route const> budget_routes() noexcept;
std::span<managed_route const> tag_routes() noexcept;
std::span<managed_route const> spend_routes() noexcept;
std::span<managed_route const> activity_routes() noexcept;

} // namespace cogate::server::manage

#pragma once
/// Stores for members that only need a conversion, one instantiation per member.

#include "lib/config/keys.hpp"

#include <chrono>
#include <string>

namespace cogate::config {

template <auto Member>
void store_gateway_size(target& to, value const& v)
{
    to.all.gateway.*Member = static_cast<std::size_t>(v.number);
}

template <std::string settings::*Member>
void store_setting_text(target& to, value const& v)
{
    to.all.*Member = v.text;
}

template <std::string deployment::*Member>
void store_deployment_text(target& to, value const& v)
{
    to.entry->out.*Member = v.text;
}

template <int router_options::*Member>
void store_router_count(target& to, value const& v)
{
    to.all.gateway.router.*Member = static_cast<int>(v.number);
}

template <bool router_options::*Member>
void store_router_flag(target& to, value const& v)
{
    to.all.gateway.router.*Member = v.yes;
}

template <std::chrono::milliseconds router_options::*Member>
void store_router_time(target& to, value const& v)
{
    to.all.gateway.router.*Member = v.time;
}

inline void store_allowed_fails(target& to, value const& v)
{
    to.all.gateway.router.allowed_fails = static_cast<int>(v.number);
}

inline void store_timeout(target& to, value const& v)
{
    apply_timeouts(to.all.gateway.deadlines, v.time, std::nullopt);
}

} // namespace cogate::config

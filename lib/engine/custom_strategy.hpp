#pragma once

#include <cogate/routing_strategy.hpp>

#include "lib/policy/strategy.hpp"

#include <memory>

namespace cogate::engine {

/// A user's strategy in the terms of policy.
std::shared_ptr<policy::strategy const> adapt(std::shared_ptr<routing_strategy const> own);

} // namespace cogate::engine

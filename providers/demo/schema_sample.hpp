#pragma once

#include <string>
#include <string_view>

namespace cogate::providers::demo {

/// An object that fits a JSON schema of the simple kind that tools have, the same one every time: const,
/// default, the first enum value or example where given, else a fixed value of the type. Required
/// properties only, or all of them when none is required. "{}" for a schema that is not understood.
std::string sample_of(std::string_view schema);

} // namespace cogate::providers::demo

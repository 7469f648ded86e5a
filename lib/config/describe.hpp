#pragma once

#include <string>

namespace cogate::config {

/// The keys that cogate uses as an aligned table (key, type, default, meaning), then those of LiteLLM that it
/// accepts without using them. Plain text, for people.
std::string describe_keys();

} // namespace cogate::config

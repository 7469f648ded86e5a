#pragma once
/// What the handling of secrets rests on; the type that holds one is cogate::secret.

#include <string>
#include <string_view>

namespace cogate::core {

/// Overwrites the whole capacity with zeroes, in a way the optimiser may not drop, and empties the string.
void wipe(std::string& text) noexcept;

/// True when both are the same bytes. The loop always runs over the candidate, the attacker's own text: every
/// byte is compared with some byte of `expected` (its first one once `expected` is used up) and the
/// difference is gathered without a branch. So neither the place of the first difference nor the length of
/// `expected` shows in the time.
bool constant_time_equal(std::string_view candidate, std::string_view expected) noexcept;

} // namespace cogate::core

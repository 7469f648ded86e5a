#pragma once
/// JSON number texts to values and back, without a detour that loses digits. Pure functions, safe from any
/// thread. `text` is a valid JSON number (what a document's raw() gives for one).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::json {

/// The integer the text stands for exactly; 1e3 and 1.0 are integers, 1.5 is not. Nothing when out of range.
std::optional<std::int64_t> exact_int64(std::string_view text) noexcept;
std::optional<std::uint64_t> exact_uint64(std::string_view text) noexcept;

/// The nearest double; too small becomes zero with its sign, too large gives nothing (never an infinity).
std::optional<double> nearest_double(std::string_view text) noexcept;

/// Appends the shortest text that reads back as the same double. Plain decimal from 1e-6 up to but not
/// including 1e21 ("0.7", "1.0": a whole number keeps ".0", so a reader sees a floating-point number again),
/// else with an exponent ("1e-07", "1.5e+300"). NaN and infinities, which JSON cannot say, become null.
void append_double(std::string& out, double value);

} // namespace cogate::json

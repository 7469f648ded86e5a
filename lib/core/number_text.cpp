#include <cogate/chat.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace cogate {

number_text::number_text(double value)
{
    if (!std::isfinite(value)) {
        // Not JSON on purpose: encoding then names the field instead of sending something else.
        text_ = "NaN";
        return;
    }
    const double size = std::fabs(value);
    const bool plain = size == 0.0 || (size >= 1e-7 && size < 1e21);
    std::array<char, 64> buffer;
    const std::to_chars_result end =
        plain ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed)
              : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                              std::chars_format::scientific);
    text_.assign(buffer.data(), end.ptr);
}

double number_text::value() const noexcept
{
    double value = 0.0;
    std::from_chars(text_.data(), text_.data() + text_.size(), value);
    return value;
}

} // namespace cogate

#include "providers/gemini/model_traits.hpp"

#include "lib/core/text.hpp"

#include <string>

namespace cogate::providers::gemini {

namespace {

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

} // namespace

model_traits traits_of(std::string_view model) noexcept
{
    model_traits out;
    const std::string_view name = model.substr(model.rfind('/') + 1).substr(0, 128);
    const auto has = [&](std::string_view word) { return name.find(word) != std::string_view::npos; };
    out.gemini = name.starts_with("gemini");
    out.gemma = name.starts_with("gemma");
    out.flash = has("flash");
    out.lite = has("lite");
    out.image = has("image");
    const std::string_view version =
        name.starts_with("gemini-") ? name.substr(std::string_view("gemini-").size()) : std::string_view();
    // One digit: gemini-exp-1206 and dates are no versions.
    if (!version.empty() && is_digit(version[0]) && (version.size() == 1 || !is_digit(version[1]))) {
        out.major = version[0] - '0';
        out.minor = version.size() > 2 && version[1] == '.' && is_digit(version[2]) ? version[2] - '0' : 0;
    }
    return out;
}

} // namespace cogate::providers::gemini

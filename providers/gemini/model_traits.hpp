#pragma once

#include <string_view>

namespace cogate::providers::gemini {

/// What a model's name says about what it takes. A name without a version ("gemini-flash-latest", a tuned
/// model) is taken for the newest.
struct model_traits {
    bool gemini = false;
    bool gemma = false;
    bool flash = false;
    bool lite = false;
    bool image = false;
    int major = 3;
    int minor = 0;

    bool at_least(int want_major, int want_minor) const noexcept
    {
        return major > want_major || (major == want_major && minor >= want_minor);
    }
    /// Takes JSON schemas as they are; older ones a part of OpenAPI's schemas only.
    bool json_schema() const noexcept { return at_least(2, 5); }
    bool thinks() const noexcept { return !gemma && at_least(2, 5); }
    /// How much it thinks is a level, not a number of tokens.
    bool levels() const noexcept { return gemini && major >= 3; }
    /// Refuses calls of the current turn without their signature.
    bool wants_signatures() const noexcept { return gemini && major >= 3; }
    /// A tool's result may hold media.
    bool media_results() const noexcept { return gemini && major >= 3; }
    bool system_instruction() const noexcept { return !gemma; }
};

model_traits traits_of(std::string_view model) noexcept;

} // namespace cogate::providers::gemini

#include <cogate/tokens.hpp>

#include <algorithm>
#include <array>

namespace cogate {

namespace {

/// What may follow the name of a family in the name of a model.
constexpr std::string_view separators = "-.:@";

/// OpenAI's families since gpt-4o.
constexpr std::array<std::string_view, 8> o200k_families{"gpt-5", "gpt-4.1", "gpt-4.5", "gpt-oss",
                                                         "o1",    "o3",      "o4",      "codex-mini"};

bool is_of_family(std::string_view name, std::string_view family)
{
    return name.starts_with(family) &&
           (name.size() == family.size() || separators.find(name[family.size()]) != std::string_view::npos);
}

} // namespace

token_encoding encoding_for(std::string_view model) noexcept
{
    if (model.find("gpt-4o") != std::string_view::npos) {
        return token_encoding::o200k_base;
    }
    if (std::size_t const slash = model.rfind('/'); slash != std::string_view::npos) {
        model.remove_prefix(slash + 1);
    }
    if (model.starts_with("ft:")) {
        model.remove_prefix(3);
    }
    bool const newer = std::any_of(o200k_families.begin(), o200k_families.end(),
                                   [model](std::string_view family) { return is_of_family(model, family); });
    return newer ? token_encoding::o200k_base : token_encoding::cl100k_base;
}

} // namespace cogate

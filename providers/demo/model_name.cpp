#include "providers/demo/model_name.hpp"

#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::demo {

namespace {

constexpr std::int64_t most_words = 100'000;
constexpr std::int64_t fastest = 1'000'000;

std::optional<std::int64_t> within(std::string_view text, std::int64_t least, std::int64_t most) noexcept
{
    const std::optional<std::int64_t> value = core::parse_int<std::int64_t>(text);
    return value && *value >= least && *value <= most ? value : std::nullopt;
}

std::optional<model_name> parse_tokens(std::string_view text) noexcept
{
    model_name out{.what = model_name::act::tokens};
    const std::size_t at = text.find('@');
    const std::optional<std::int64_t> words = within(text.substr(0, at), 0, most_words);
    if (!words) {
        return std::nullopt;
    }
    out.words = *words;
    if (at != std::string_view::npos) {
        const std::optional<std::int64_t> rate = within(text.substr(at + 1), 1, fastest);
        if (!rate) {
            return std::nullopt;
        }
        out.words_per_second = *rate;
    }
    return out;
}

} // namespace

std::optional<model_name> parse_model_name(std::string_view name) noexcept
{
    struct row {
        std::string_view name;
        model_name::act what;
    };
    static constexpr std::array<row, 5> plain = {row{"echo", model_name::act::echo},
                                                 {"tool", model_name::act::tool},
                                                 {"stall", model_name::act::stall},
                                                 {"cut", model_name::act::cut},
                                                 {"embedding", model_name::act::embedding}};
    constexpr std::string_view prefix = "demo/";
    constexpr std::string_view tokens = "tokens-";
    constexpr std::string_view error = "error-";
    if (name.starts_with(prefix)) {
        name.remove_prefix(prefix.size());
    }
    for (row const& r : plain) {
        if (r.name == name) {
            return model_name{.what = r.what};
        }
    }
    if (name.starts_with(tokens)) {
        return parse_tokens(name.substr(tokens.size()));
    }
    if (name.starts_with(error)) {
        if (const auto status = within(name.substr(error.size()), 400, 599)) {
            return model_name{.what = model_name::act::error, .status = static_cast<int>(*status)};
        }
    }
    return std::nullopt;
}

} // namespace cogate::providers::demo

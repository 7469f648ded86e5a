#include "providers/anthropic_messages/model_family.hpp"

#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

using enum thinking_mode;

// In order: a longer mark comes before the shorter one that it holds.
constexpr std::array<model_family, 23> families = {{
    {"opus-5", 128'000, adaptive, effort_range::xhigh, true, true, true},
    {"sonnet-5", 128'000, adaptive, effort_range::xhigh, true, true, true},
    {"fable-5", 128'000, adaptive, effort_range::xhigh, true, true, true},
    {"opus-4-8", 128'000, adaptive, effort_range::xhigh, true, true, true},
    {"opus-4-7", 128'000, adaptive, effort_range::xhigh, true, true, false},
    {"opus-4-6", 128'000, both, effort_range::max, true, false, false},
    {"sonnet-4-6", 128'000, both, effort_range::max, true, false, false},
    {"opus-4-5", 64'000, budget, effort_range::high, true, false, false},
    {"sonnet-4-5", 64'000, budget, effort_range::none, true, false, false},
    {"haiku-4-5", 64'000, budget, effort_range::none, true, false, false},
    {"opus-4-1", 32'000, budget, effort_range::none, true, false, false},
    {"opus-4", 32'000, budget, effort_range::none, false, false, false},
    {"sonnet-4", 64'000, budget, effort_range::none, false, false, false},
    {"3-7-sonnet", 64'000, budget, effort_range::none, false, false, false},
    {"3-5-sonnet", 8'192, none, effort_range::none, false, false, false},
    {"3-5-haiku", 8'192, none, effort_range::none, false, false, false},
    {"3-opus", 4'096, none, effort_range::none, false, false, false},
    {"3-sonnet", 4'096, none, effort_range::none, false, false, false},
    {"3-haiku", 4'096, none, effort_range::none, false, false, false},
    // Bedrock's spelling of old names.
    {"claude-v2", 4'096, none, effort_range::none, false, false, false},
    {"claude-v1", 4'096, none, effort_range::none, false, false, false},
    {"claude-2", 4'096, none, effort_range::none, false, false, false},
    {"claude-instant", 4'096, none, effort_range::none, false, false, false},
}};

// Services that copy the dialect for models of their own.
constexpr model_family stranger{"", 4'096, budget, effort_range::none, false, false, false};

/// Whether `mark` stands in `name`, letters of either case, "." as good as "-", and no digit right behind it.
bool holds(std::string_view name, std::string_view mark) noexcept
{
    for (std::size_t at = 0; at + mark.size() <= name.size(); ++at) {
        std::size_t n = 0;
        while (n != mark.size()) {
            const char c = name[at + n] == '.' ? '-' : core::lower(name[at + n]);
            if (c != mark[n]) {
                break;
            }
            ++n;
        }
        const std::size_t behind = at + n;
        if (n == mark.size() && (behind == name.size() || name[behind] < '0' || name[behind] > '9')) {
            return true;
        }
    }
    return false;
}

} // namespace

model_family const& family_of(std::string_view model) noexcept
{
    for (model_family const& family : families) {
        if (holds(model, family.mark)) {
            return family;
        }
    }
    return holds(model, "claude") ? families.front() : stranger;
}

} // namespace cogate::providers::anthropic_messages

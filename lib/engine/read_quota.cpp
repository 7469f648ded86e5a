#include "lib/engine/read_quota.hpp"

#include "lib/wire/ascii.hpp"
#include "lib/wire/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace cogate::engine {

namespace {

using system_time = std::chrono::system_clock::time_point;

enum class part { limit, remaining, reset, renewal };

/// One window of a provider's limits.
struct family {
    std::string_view name;
    bool tokens;
};

constexpr std::array families{
    family{"requests", false},     family{"tokens", true},
    family{"input-tokens", true},  family{"output-tokens", true},
    family{"req-minute", false},   family{"requests-minute", false},
    family{"requests-day", false}, family{"tokens-minute", true},
    family{"tokens-day", true},    family{"", false},
};

struct window {
    std::optional<std::int64_t> limit{};
    std::optional<std::int64_t> left{};
    std::optional<policy::duration> reset{};
    std::optional<policy::duration> renewal{};
};

std::optional<std::int64_t> count_in(std::string_view text) noexcept
{
    text = wire::trim_ows(text);
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 0 || (end != text.data() + text.size() && *end != '.')) {
        return std::nullopt;
    }
    return value;
}

std::optional<policy::duration> reset_in(std::string_view text, system_time now)
{
    // No wait is thirty years long: that many seconds, or milliseconds, are a Unix time.
    constexpr std::int64_t unix_seconds = 1'000'000'000;
    constexpr std::int64_t unix_milliseconds = 1'000 * unix_seconds;
    std::optional<std::int64_t> const number = count_in(text);
    if (number && *number >= unix_seconds) {
        std::chrono::milliseconds const since_epoch =
            std::chrono::ceil<std::chrono::milliseconds>(now.time_since_epoch());
        std::int64_t const moment = *number >= unix_milliseconds ? *number : *number * 1'000;
        return std::clamp(std::chrono::milliseconds(moment - since_epoch.count()),
                          std::chrono::milliseconds(0), wire::max_named_delay);
    }
    return wire::parse_reset_delay(text, now);
}

/// Takes `text` off the front of `name`, whatever its case.
bool take(std::string_view& name, std::string_view text) noexcept
{
    if (name.size() < text.size() || !wire::ascii_iequals(name.substr(0, text.size()), text)) {
        return false;
    }
    name.remove_prefix(text.size());
    return true;
}

/// Takes a part's word off the front, or off the back as Anthropic has it.
std::optional<part> take_part(std::string_view& name) noexcept
{
    constexpr std::array<std::pair<std::string_view, part>, 4> words{{{"limit", part::limit},
                                                                      {"remaining", part::remaining},
                                                                      {"reset", part::reset},
                                                                      {"renewalperiod", part::renewal}}};
    for (auto const& [word, what] : words) {
        std::string_view rest = name;
        if (take(rest, word) && (rest.empty() || (rest.front() == '-' && rest.size() > 1))) {
            name = rest.substr(rest.empty() ? 0 : 1);
            return what;
        }
        std::size_t const size = word.size();
        if (name.size() > size && name[name.size() - size - 1] == '-' &&
            wire::ascii_iequals(name.substr(name.size() - size), word)) {
            name.remove_suffix(size + 1);
            return what;
        }
    }
    return std::nullopt;
}

void read(window& into, part what, std::string_view value, system_time now)
{
    switch (what) {
    case part::limit: into.limit = count_in(value); break;
    case part::remaining: into.left = count_in(value); break;
    case part::reset: into.reset = reset_in(value, now); break;
    case part::renewal: into.renewal = reset_in(value, now); break;
    }
}

} // namespace

policy::quota_report read_quota(std::span<wire::header const> fields, system_time now)
{
    std::array<window, families.size()> windows{};
    for (wire::header const& field : fields) {
        std::string_view name = field.name;
        if (!take(name, "x-ratelimit-") && !take(name, "anthropic-ratelimit-") && !take(name, "ratelimit-")) {
            continue;
        }
        std::optional<part> const what = take_part(name);
        auto const known = std::find_if(families.begin(), families.end(),
                                        [&](family const& f) { return wire::ascii_iequals(f.name, name); });
        if (what && known != families.end()) {
            read(windows[static_cast<std::size_t>(known - families.begin())], *what, field.value, now);
        }
    }
    policy::quota_report out;
    for (std::size_t i = 0; i != windows.size(); ++i) {
        window const& from = windows[i];
        std::optional<std::int64_t>& left = families[i].tokens ? out.tokens_left : out.requests_left;
        if (!from.left || (left && *left <= *from.left)) {
            continue;
        }
        left = from.left;
        (families[i].tokens ? out.token_limit : out.request_limit) = from.limit;
        // Azure names a reset of zero beside the true period.
        bool const renewed = from.renewal && (!from.reset || *from.reset == policy::duration(0));
        (families[i].tokens ? out.tokens_reset : out.requests_reset) = renewed ? from.renewal : from.reset;
    }
    return out;
}

} // namespace cogate::engine

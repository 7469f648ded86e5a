#include "lib/cli/replay/log_line.hpp"

#include "lib/core/hash.hpp"
#include "lib/core/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cogate::cli::replay {

namespace {

using policy::duration;

constexpr std::size_t longest_name = 512;
constexpr std::size_t most_attempts = 64;
constexpr double longest_ms = 86'400'000;                 // a day
constexpr std::int64_t most_nano_usd = 1'000'000'000'000; // a thousand dollars
constexpr std::int64_t most_tokens = 10'000'000;

failure wrong(std::string text)
{
    return {error_kind::invalid_request, std::move(text)};
}

// "2026-01-31T23:59:59.123Z"
std::optional<std::chrono::sys_time<std::chrono::milliseconds>> read_time(std::string_view text)
{
    if (text.size() != 24 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':' || text[19] != '.' || text[23] != 'Z') {
        return std::nullopt;
    }
    auto const number = [&](std::size_t at, std::size_t size) {
        return core::parse_int<unsigned>(text.substr(at, size)).value_or(1'000'000);
    };
    unsigned const year = number(0, 4);
    if (year < 1970 || year > 2200 || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 60 ||
        number(20, 3) > 999) {
        return std::nullopt;
    }
    std::chrono::year_month_day const day{std::chrono::year{static_cast<int>(year)},
                                          std::chrono::month{number(5, 2)}, std::chrono::day{number(8, 2)}};
    if (!day.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days{day} + std::chrono::hours{number(11, 2)} +
           std::chrono::minutes{number(14, 2)} + std::chrono::seconds{number(17, 2)} +
           std::chrono::milliseconds{number(20, 3)};
}

/// Reads members of one object and keeps what was wrong first.
class reader {
public:
    explicit reader(json::value from) : from_(from) {}

    std::string text(std::string_view name)
    {
        json::value const at = from_[name];
        if (!at || at.is_null()) {
            return {};
        }
        std::string out = at.string();
        if (!at.is_string() || out.size() > longest_name) {
            note(name, "must be a string of at most 512 bytes");
            return {};
        }
        return out;
    }
    std::optional<duration> time(std::string_view name)
    {
        json::value const at = from_[name];
        if (!at || at.is_null()) {
            return std::nullopt;
        }
        std::optional<double> const ms = at.as_double();
        if (!ms || !(*ms >= 0 && *ms <= longest_ms)) {
            note(name, "must be milliseconds from 0 to a day");
            return std::nullopt;
        }
        return duration{static_cast<std::int64_t>(*ms * 1e6)};
    }
    std::optional<std::int64_t> number(std::string_view name, std::int64_t most)
    {
        json::value const at = from_[name];
        if (!at || at.is_null()) {
            return std::nullopt;
        }
        std::optional<std::int64_t> const found = at.as_int64();
        if (!found || *found < 0 || *found > most) {
            note(name, "must be a whole number from 0 to " + std::to_string(most));
            return std::nullopt;
        }
        return found;
    }
    std::optional<std::uint32_t> tokens(std::string_view name)
    {
        std::optional<std::int64_t> const found = number(name, most_tokens);
        return found ? std::optional(static_cast<std::uint32_t>(*found)) : std::nullopt;
    }
    std::optional<error_kind> error();

    void note(std::string_view name, std::string const& what)
    {
        if (fault_.empty()) {
            fault_ = '"' + std::string(name) + "\" " + what;
        }
    }
    json::value from() const noexcept { return from_; }
    std::string const& fault() const noexcept { return fault_; }

private:
    json::value from_;
    std::string fault_;
};

// Several kinds share a type; their codes and statuses tell them apart.
error_kind kind_of(std::string_view type, std::string_view code, std::int64_t status)
{
    using enum error_kind;
    constexpr std::array by_code{context_window_exceeded, content_policy_violation, request_too_large,
                                 truncated};
    constexpr std::array<std::string_view, by_code.size()> codes{
        "context_length_exceeded", "content_policy_violation", "request_too_large", "truncated"};
    for (std::size_t i = 0; i != codes.size(); ++i) {
        if (code == codes[i] && type == to_string(by_code[i])) {
            return by_code[i];
        }
    }
    constexpr std::array all{invalid_request, authentication,      permission_denied, not_found,
                             unprocessable,   rate_limit,          quota_exceeded,    internal_server,
                             bad_gateway,     service_unavailable, connection,        timeout,
                             cancelled};
    std::optional<error_kind> found;
    for (error_kind const each : all) {
        if (type == to_string(each) && (!found || http_status(each) == status)) {
            found = each;
        }
    }
    return found.value_or(internal_server);
}

std::optional<error_kind> reader::error()
{
    std::string const type = text("error");
    if (type.empty()) {
        return std::nullopt;
    }
    return kind_of(type, text("code"), number("upstream_status", 999).value_or(0));
}

void read_route(reader& line, logged_call& into)
{
    json::value const route = line.from()["route"];
    if (!route || route.is_null()) {
        return;
    }
    if (!route.is_array() || route.size() > most_attempts) {
        line.note("route", "must be an array of at most 64 attempts");
        return;
    }
    std::optional<std::int64_t> cost;
    for (json::value const each : route) {
        reader attempt(each);
        logged_attempt next;
        next.deployment = attempt.text("deployment");
        next.group = attempt.text("model");
        next.began = attempt.time("start_ms").value_or(duration{});
        next.first_token = attempt.time("first_token_ms");
        next.ended = attempt.time("end_ms");
        next.error = attempt.error();
        if (std::optional<std::int64_t> const own = attempt.number("cost_nano_usd", most_nano_usd)) {
            cost = cost.value_or(0) + *own;
        }
        if (next.group.empty()) {
            next.group = into.group;
        }
        if (!attempt.fault().empty()) {
            line.note("route", "has an attempt whose " + attempt.fault());
        }
        if (next.deployment.empty()) {
            line.note("route", "has an attempt without its deployment");
        }
        if ((next.first_token && *next.first_token < next.began) ||
            (next.ended && *next.ended < next.began)) {
            line.note("route", "has an attempt that ends before it begins");
        }
        into.route.push_back(std::move(next));
    }
    if (cost) {
        into.nano_usd = std::min(*cost, most_nano_usd);
    }
}

} // namespace

result<logged_call> read_log_line(std::string_view line, json::document& scratch)
{
    json::parse_error fault;
    if (!scratch.parse(line, fault, {.max_depth = 8, .max_values = 4096})) {
        return wrong("not a JSON line: " + json::to_string(fault));
    }
    if (!scratch.root().is_object()) {
        return wrong("not a line of an access log: no JSON object");
    }
    reader from(scratch.root());
    logged_call call;
    auto const time = read_time(from.text("time"));
    if (!time) {
        from.note("time", "must be a time such as 2026-01-31T23:59:59.000Z");
    }
    call.time = time.value_or(call.time);
    call.affinity = core::hash64(from.text("call_id"));
    call.group = from.text("model");
    if (call.group.empty()) {
        from.note("model", "is missing");
    }
    call.stream = from.from()["stream"].as_bool().value_or(false);
    call.provider = from.text("provider");
    call.upstream_model = from.text("upstream_model");
    std::string const deployment = from.text("deployment");
    call.attempts = static_cast<int>(from.number("attempts", 1'000).value_or(deployment.empty() ? 0 : 1));
    std::optional<duration> const total = from.time("duration_ms");
    if (!total) {
        from.note("duration_ms", "is missing");
    }
    call.total = total.value_or(duration{});
    call.first_token = from.time("first_token_ms");
    call.prompt_tokens = from.tokens("prompt_tokens");
    call.completion_tokens = from.tokens("completion_tokens");
    call.request_bytes =
        static_cast<std::uint64_t>(from.number("request_bytes", std::int64_t{1} << 40).value_or(0));
    call.error = from.error();
    call.nano_usd = from.number("cost_nano_usd", most_nano_usd);
    read_route(from, call);
    if (!from.fault().empty()) {
        return wrong(from.fault());
    }
    // When the last of several attempts began is not known without a route.
    if (call.route.empty() && call.attempts == 1 && !deployment.empty()) {
        call.route.push_back({deployment, call.group, {}, call.first_token, call.total, call.error});
    }
    return call;
}

} // namespace cogate::cli::replay

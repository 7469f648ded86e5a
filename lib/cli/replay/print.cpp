#include "lib/cli/replay/print.hpp"

#include "lib/cli/chat_text.hpp"
#include "lib/core/json/writer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace cogate::cli::replay {

namespace {

using policy::duration;
using row = std::vector<std::string>;

std::string fixed(double value, int digits)
{
    std::array<char, 400> text{};
    int const size = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return {text.data(), static_cast<std::size_t>(size)};
}

double in_ms(duration time)
{
    return static_cast<double>(time.count()) / 1e6;
}

std::string readable(duration time)
{
    double const ms = in_ms(time);
    if (ms >= 10'000) {
        return fixed(ms / 1e3, 1) + " s";
    }
    return ms >= 1'000 ? fixed(ms / 1e3, 2) + " s" : fixed(ms, ms < 10 ? 2 : 0) + " ms";
}

std::string share(std::int64_t part, std::int64_t of)
{
    return of == 0 ? "-" : fixed(100.0 * static_cast<double>(part) / static_cast<double>(of), 2) + " %";
}

std::string dollars(std::optional<std::int64_t> nanos)
{
    return nanos ? "$" + fixed(static_cast<double>(*nanos) / 1e9, 4) : "-";
}

/// Columns two spaces apart, all but the first to the right.
std::string aligned(std::vector<row> const& rows)
{
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (row const& each : rows) {
        for (std::size_t i = 0; i != each.size(); ++i) {
            widths[i] = std::max(widths[i], each[i].size());
        }
    }
    std::string out;
    for (row const& each : rows) {
        for (std::size_t i = 0; i != each.size(); ++i) {
            std::string const space(widths[i] - each[i].size(), ' ');
            out += i == 0 ? each[i] + space : "  " + space + each[i];
        }
        out += '\n';
    }
    return out;
}

/// A name from the log, fit for a terminal.
std::string shown(std::string const& name)
{
    std::string text = terminal_text(name);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return text.size() > 40 ? text.substr(0, 37) + "..." : text;
}

std::string lanes_table(policy::simulation::input const& what)
{
    constexpr std::size_t most = 20;
    std::vector<row> rows{{"DEPLOYMENT", "GROUP", "FIRST TOKEN", "PER 1000 PROMPT", "TOKEN", "SLOW", "BY"}};
    for (policy::simulation::scripted_lane const& one : what.lanes) {
        if (rows.size() > most) {
            break;
        }
        rows.push_back({shown(one.id), shown(one.group), readable(one.base),
                        readable(one.per_prompt_token * 1000), readable(one.inter_token),
                        fixed(one.slow_share * 100, 1) + " %",
                        one.slow_share > 0 ? fixed(one.slow_factor, 1) + " x" : "-"});
    }
    std::string out = aligned(rows);
    if (what.lanes.size() > most) {
        out += "and " + std::to_string(what.lanes.size() - most) + " more\n";
    }
    return out;
}

void add_latency(json::writer& to, std::string_view name, policy::simulation::latency const& from)
{
    to.key(name).begin_object();
    for (auto const& [key, time] :
         {std::pair("mean", from.mean), std::pair("p50", from.p50), std::pair("p90", from.p90),
          std::pair("p95", from.p95), std::pair("p99", from.p99), std::pair("max", from.longest)}) {
        to.raw_member(key, fixed(in_ms(time), 3));
    }
    to.end_object();
}

void add_row(json::writer& to, outcome const& one)
{
    to.begin_object().member("setting", one.name).member("calls", one.calls).member("failed", one.failed);
    to.member("rate_limited", one.rate_limited)
        .member("attempts", one.attempts)
        .member("extra_calls", one.extra);
    add_latency(to, "first_token_ms", one.first_token);
    add_latency(to, "total_ms", one.total);
    if (one.nano_usd) {
        to.member("nano_usd", *one.nano_usd);
    }
    if (one.extra_nano_usd) {
        to.member("extra_nano_usd", *one.extra_nano_usd);
    }
    to.end_object();
}

} // namespace

std::string to_table(comparison const& from)
{
    std::string out = lanes_table(from.what) + '\n';
    std::vector<row> rows{{"SETTING", "TTFT p50", "p95", "p99", "TOTAL p50", "p95", "p99", "ERRORS",
                           "OF IT 429", "ATTEMPTS/CALL", "EXTRA CALLS", "COST", "OF IT EXTRA"}};
    for (outcome const& one : from.rows) {
        double const per_call =
            one.calls == 0 ? 0 : static_cast<double>(one.attempts) / static_cast<double>(one.calls);
        rows.push_back({one.name, readable(one.first_token.p50), readable(one.first_token.p95),
                        readable(one.first_token.p99), readable(one.total.p50), readable(one.total.p95),
                        readable(one.total.p99), share(one.failed, one.calls),
                        share(one.rate_limited, one.calls), fixed(per_call, 3), share(one.extra, one.calls),
                        dollars(one.nano_usd), dollars(one.extra_nano_usd)});
    }
    out += aligned(rows);
    out += '\n' + std::to_string(from.what.calls.size()) + " calls replayed";
    if (from.left_out > 0) {
        out += ", " + std::to_string(from.left_out) +
               " left out: they failed by a fault of their own, or nobody was ever asked for their model";
    }
    return out + ".\n";
}

std::string to_json(comparison const& from)
{
    std::string out;
    json::writer to(out);
    to.begin_object().member("calls", from.what.calls.size()).member("left_out", from.left_out);
    to.key("lanes").begin_array();
    for (policy::simulation::scripted_lane const& one : from.what.lanes) {
        to.begin_object().member("deployment", one.id).member("group", one.group);
        to.raw_member("base_ms", fixed(in_ms(one.base), 3));
        to.raw_member("per_prompt_token_ms", fixed(in_ms(one.per_prompt_token), 6));
        to.raw_member("inter_token_ms", fixed(in_ms(one.inter_token), 6));
        to.raw_member("spread", fixed(one.spread, 4)).raw_member("slow_share", fixed(one.slow_share, 4));
        to.raw_member("slow_factor", fixed(one.slow_factor, 2)).end_object();
    }
    to.end_array().key("rows").begin_array();
    for (outcome const& one : from.rows) {
        add_row(to, one);
    }
    to.end_array().end_object();
    return out + '\n';
}

} // namespace cogate::cli::replay

#include "lib/cli/bench/bench_report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace cogate::cli {

namespace {

namespace load = transports::load;

struct named_share {
    std::string_view name;
    double share;
};
constexpr std::array<named_share, 4> shares{{{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}};

std::string fixed(double value, int digits)
{
    std::array<char, 64> text;
    const int size = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string microseconds(std::int64_t nanoseconds)
{
    return fixed(static_cast<double>(nanoseconds) / 1000.0, 1);
}

std::string histogram_json(const load::histogram& times)
{
    std::string out("{\"count\":" + std::to_string(times.count()) + ",\"min\":" + microseconds(times.min()));
    out.append(",\"mean\":").append(fixed(times.mean() / 1000.0, 1));
    for (const auto& [name, share] : shares) {
        out.append(",\"").append(name).append("\":").append(microseconds(times.at(share)));
    }
    return out.append(",\"max\":").append(microseconds(times.max())).append("}");
}

/// "12.3 us", "4.56 ms", "1.20 s", right-aligned.
std::string readable(std::int64_t nanoseconds)
{
    const auto value = static_cast<double>(nanoseconds);
    std::string text;
    if (nanoseconds < 1'000'000) {
        text = fixed(value / 1e3, 1) + " us";
    } else {
        text = nanoseconds < 1'000'000'000 ? fixed(value / 1e6, 2) + " ms" : fixed(value / 1e9, 2) + " s ";
    }
    return text.size() < 11 ? std::string(11 - text.size(), ' ') + text : text;
}

std::string padded(std::string_view text, std::size_t width)
{
    std::string out(text);
    out.resize(std::max(width, out.size()), ' ');
    return out;
}

void append_row(std::string& out, std::string_view name, const load::histogram& times)
{
    out.append(padded(name, 14));
    for (const auto& each : shares) {
        out.append(readable(times.at(each.share)));
    }
    out.append(readable(times.max())).append("\n");
}

} // namespace

std::string report_json(const load::load_report& report, const bench_flags& flags)
{
    std::string out("{\"loop\":\"");
    out.append(flags.load.schedule == load::arrivals::closed  ? "closed"
               : flags.load.schedule == load::arrivals::fixed ? "fixed"
                                                              : "poisson");
    out.append("\",\"connections\":").append(std::to_string(flags.load.connections));
    out.append(",\"target_rate\":").append(fixed(flags.load.rate, 3));
    out.append(",\"seconds\":").append(fixed(report.seconds, 6));
    out.append(",\"rate\":").append(fixed(report.rate, 2));
    out.append(",\"completed\":").append(std::to_string(report.completed));
    out.append(",\"completed_total\":").append(std::to_string(report.completed_total));
    out.append(",\"failed\":").append(std::to_string(report.failed));
    out.append(",\"unsent\":").append(std::to_string(report.unsent));
    out.append(",\"connects\":").append(std::to_string(report.connects));
    out.append(",\"events\":").append(std::to_string(report.events));
    out.append(",\"body_bytes\":").append(std::to_string(report.body_bytes));
    out.append(",\"errors\":{");
    for (const auto& [name, count] : report.errors) {
        out.append(out.back() == '{' ? "\"" : ",\"").append(name).append("\":").append(std::to_string(count));
    }
    out.append("},\"latency_us\":").append(histogram_json(report.latency));
    if (flags.load.stream) {
        out.append(",\"first_event_us\":").append(histogram_json(report.first_event));
        out.append(",\"event_gap_us\":").append(histogram_json(report.event_gap));
    }
    return out.append("}\n");
}

std::string report_table(const load::load_report& report, const bench_flags& flags)
{
    std::string out(flags.url);
    out.append(flags.load.schedule == load::arrivals::closed
                   ? "  closed loop, "
                   : "  open loop at " + fixed(flags.load.rate, 1) + "/s, ");
    out.append(std::to_string(flags.load.connections)).append(" connection(s), ");
    out.append(fixed(report.seconds, 1)).append(" s\n\n");
    out.append("requests      ").append(std::to_string(report.completed)).append(" good, ");
    out.append(std::to_string(report.failed))
        .append(" failed, ")
        .append(fixed(report.rate, 1))
        .append(" per second\n");
    if (report.unsent != 0) {
        out.append("unsent        ").append(std::to_string(report.unsent));
        out.append(" were due but found no free connection: the server cannot keep this rate\n");
    }
    for (const auto& [name, count] : report.errors) {
        out.append("  error       ").append(name).append(": ").append(std::to_string(count)).append("\n");
    }
    out.append("\n                      p50        p90        p99      p99.9        max\n");
    append_row(out, "latency", report.latency);
    if (flags.load.stream) {
        append_row(out, "first event", report.first_event);
        append_row(out, "event gap", report.event_gap);
    }
    return out;
}

} // namespace cogate::cli

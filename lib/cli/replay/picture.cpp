#include "lib/cli/replay/print.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace cogate::cli::replay {

namespace {

using policy::duration;
using policy::simulation::latency;

constexpr int left = 190;
constexpr int width = 430;
constexpr int bar = 14;
constexpr int gap = 3;

// The colours of the benchmarks' pictures.
constexpr std::string_view style = R"(<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600; font-size: 15px }
  .note { fill: #59636e; font-size: 12px } .p50 { fill: #8c959f } .p95 { fill: #54aeff } .p99 { fill: #0969da }
  .axis { stroke: #d0d7de } .background { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .note { fill: #9198a1 } .p50 { fill: #656c76 } .p95 { fill: #1f6feb } .p99 { fill: #79c0ff }
    .axis { stroke: #3d444d } .background { fill: #0d1117 } }
</style>
)";

void put(std::string& out, std::string_view text)
{
    out += text;
}
void put(std::string& out, int number)
{
    out += std::to_string(number);
}
void put(std::string& out, double number)
{
    std::array<char, 400> text{};
    out.append(
        text.data(),
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed, 1).ptr);
}

template <class... Pieces>
void add(std::string& out, Pieces const&... pieces)
{
    (put(out, pieces), ...);
    out += '\n';
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        default: out += c;
        }
    }
    return out;
}

double in_ms(duration time)
{
    return static_cast<double>(time.count()) / 1e6;
}

/// One group of bars per row, all to one scale. Gives the next free line.
int add_panel(std::string& out, int y, std::string_view title, std::vector<outcome> const& rows,
              latency outcome::*which)
{
    double longest = 1e-3;
    for (outcome const& one : rows) {
        longest = std::max(longest, in_ms((one.*which).p99));
    }
    add(out, R"(<text class="title" x="16" y=")", y, R"(">)", title, "</text>");
    y += 14;
    int const top = y;
    for (outcome const& one : rows) {
        latency const& times = one.*which;
        std::string const name = one.name.size() > 26 ? one.name.substr(0, 23) + "..." : one.name;
        add(out, R"(<text x=")", left - 8, R"(" y=")", y + 26, R"(" text-anchor="end">)", escaped(name),
            "</text>");
        for (auto const& [share, time] :
             {std::pair("p50", times.p50), std::pair("p95", times.p95), std::pair("p99", times.p99)}) {
            double const length = std::max(1.0, width * in_ms(time) / longest);
            add(out, R"(<rect class=")", share, R"(" x=")", left, R"(" y=")", y, R"(" width=")", length,
                R"(" height=")", bar, R"(" rx="2"/>)");
            add(out, R"(<text class="note" x=")", left + length + 8, R"(" y=")", y + 11, R"(">)", share, " ",
                in_ms(time), " ms</text>");
            y += bar + gap;
        }
        y += 8;
    }
    add(out, R"(<line class="axis" x1=")", left, R"(" y1=")", top - 2, R"(" x2=")", left, R"(" y2=")", y - 8,
        R"("/>)");
    return y + 26;
}

} // namespace

std::string to_picture(comparison const& from)
{
    std::string body;
    int y = add_panel(body, 66, "Time to the first token", from.rows, &outcome::first_token);
    y = add_panel(body, y, "Time to the whole answer", from.rows, &outcome::total);
    int const total = left + width + 130;
    std::string out;
    add(out, R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )", total, " ", y, R"(" width=")", total,
        R"(" height=")", y, R"(" role="img" aria-label="Latency by routing settings">)");
    out += style;
    add(out, R"(<rect class="background" width=")", total, R"(" height=")", y, R"("/>)");
    add(out, R"(<text class="title" x="16" y="26">)", std::to_string(from.what.calls.size()),
        " recorded calls under other routing settings (less is better)</text>");
    return out + body + "</svg>\n";
}

} // namespace cogate::cli::replay

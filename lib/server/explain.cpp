#include "lib/server/explain.hpp"

#include "lib/core/json/writer.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <string_view>

namespace cogate::server {
namespace {

constexpr std::size_t most_bytes = 4096;

std::string decimal(double value, int digits)
{
    std::array<char, 64> text{};
    auto const end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits);
    return end.ec == std::errc{} ? std::string(text.data(), end.ptr) : std::string("0");
}

void add_time(json::writer& out, std::string_view name, std::chrono::nanoseconds when)
{
    out.key(name);
    out.raw(decimal(std::chrono::duration<double, std::milli>(when).count(), 3));
}

std::string_view outcome_of(attempt_trace const& one)
{
    if (one.error) {
        return (*one.error)->kind == error_kind::cancelled ? std::string_view("cancelled")
                                                           : one.error->type();
    }
    return one.ended ? std::string_view("ok") : std::string_view("running");
}

// A header value holds printable ASCII only; ids may hold anything.
std::string printable(std::string_view text)
{
    std::string out;
    for (char const c : text.substr(0, 128)) {
        out += c >= ' ' && c <= '~' ? c : '?';
    }
    return out;
}

void add(json::writer& out, attempt_trace const& one)
{
    out.begin_object();
    out.member("deployment", printable(one.deployment_id));
    out.member("group", printable(one.model_group));
    out.member("reason", one.reason);
    out.key("score");
    out.raw(decimal(one.score, 6));
    add_time(out, "start_ms", one.started);
    if (one.first_byte) {
        add_time(out, "first_byte_ms", *one.first_byte);
    }
    if (one.first_token) {
        add_time(out, "first_token_ms", *one.first_token);
    }
    if (one.ended) {
        add_time(out, "end_ms", *one.ended);
    }
    if (one.status != 0) {
        out.member("status", std::int64_t{one.status});
    }
    if (one.cost) {
        out.key("cost_usd");
        out.raw(to_string(*one.cost));
    }
    out.member("outcome", outcome_of(one));
    out.end_object();
}

} // namespace

std::string explain(std::span<attempt_trace const> route)
{
    std::string text = "[";
    for (attempt_trace const& one : route) {
        std::string piece;
        json::writer out(piece);
        add(out, one);
        if (text.size() + piece.size() + 2 > most_bytes) {
            break;
        }
        if (text.size() > 1) {
            text += ',';
        }
        text += piece;
    }
    text += ']';
    return text;
}

} // namespace cogate::server

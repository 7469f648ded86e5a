#include "providers/common/derived.hpp"

#include "lib/core/hash.hpp"
#include "lib/core/text.hpp"

#include <chrono>

namespace cogate::providers {

namespace {

/// Two or four digits at `at`; -1 when they are none.
int digits(std::string_view text, std::size_t at, std::size_t count) noexcept
{
    if (text.size() < at + count) {
        return -1;
    }
    const std::string_view piece = text.substr(at, count);
    return piece.front() == '-' ? -1 : core::parse_int<int>(piece).value_or(-1);
}

} // namespace

std::string derived_id(std::string_view prefix, std::string_view source, std::uint64_t number)
{
    constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string id(prefix);
    for (std::uint64_t group = 0; group != 3; ++group) {
        std::uint64_t bits = core::hash64(source, core::mix64(number * 3 + group + 1));
        for (int i = 0; i != 8; ++i) {
            id += alphabet[bits % alphabet.size()];
            bits /= alphabet.size();
        }
    }
    return id;
}

std::int64_t seconds_of(std::string_view text) noexcept
{
    using namespace std::chrono;
    const int year = digits(text, 0, 4);
    const int month = digits(text, 5, 2);
    const int day = digits(text, 8, 2);
    const int hour = digits(text, 11, 2);
    const int minute = digits(text, 14, 2);
    const int second = digits(text, 17, 2);
    const bool shaped = text.size() >= 20 && text[4] == '-' && text[7] == '-' &&
                        (text[10] == 'T' || text[10] == ' ') && text[13] == ':' && text[16] == ':';
    if (!shaped || month < 0 || day < 0 || year < 1970 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60) {
        return 0;
    }
    const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) {
        return 0;
    }
    std::int64_t out =
        sys_days(date).time_since_epoch().count() * 86400LL + hour * 3600 + minute * 60 + second;
    std::size_t at = 19;
    if (text[at] == '.') {
        ++at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
            ++at;
        }
    }
    const std::string_view zone = text.substr(at);
    if (zone == "Z" || zone == "z") {
        return out;
    }
    const int east_hours = digits(zone, 1, 2);
    const int east_minutes = digits(zone, 4, 2);
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || east_hours < 0 ||
        east_minutes < 0) {
        return 0;
    }
    const int offset = east_hours * 3600 + east_minutes * 60;
    out += zone[0] == '+' ? -offset : offset;
    return out < 0 ? 0 : out;
}

} // namespace cogate::providers

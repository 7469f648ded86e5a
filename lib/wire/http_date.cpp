#include "lib/wire/http_date.hpp"

#include "lib/wire/ascii.hpp"

#include <cstddef>

namespace cogate::wire {

namespace {

using namespace std::chrono;

/// Reads one text by a pattern of fixed pieces; the first mismatch makes every later step fail.
class date_cursor {
public:
    explicit date_cursor(std::string_view text) noexcept : text_(text) {}

    int number(std::size_t digits) noexcept
    {
        int value = 0;
        ok_ = ok_ && text_.size() >= digits && all_of_class(text_.substr(0, digits), char_digit);
        for (std::size_t i = 0; ok_ && i < digits; ++i) {
            value = value * 10 + (text_[i] - '0');
        }
        skip(digits);
        return value;
    }

    void literal(std::string_view expected) noexcept
    {
        ok_ = ok_ && text_.starts_with(expected);
        skip(expected.size());
    }

    /// Index of the name in `names`, a run of names of three letters.
    unsigned name(std::string_view names) noexcept
    {
        const std::size_t at = text_.size() < 3 ? std::string_view::npos : names.find(text_.substr(0, 3));
        ok_ = ok_ && at != std::string_view::npos && at % 3 == 0;
        skip(3);
        return ok_ ? static_cast<unsigned>(at / 3) : 0;
    }

    bool take(char c) noexcept
    {
        const bool hit = ok_ && text_.starts_with(c);
        skip(hit ? 1 : 0);
        return hit;
    }

    void skip_letters() noexcept
    {
        while (!text_.empty() && has_class(text_.front(), char_alpha)) {
            text_.remove_prefix(1);
        }
    }

    bool next_is_digit() const noexcept
    {
        return ok_ && !text_.empty() && has_class(text_.front(), char_digit);
    }
    bool at_end() const noexcept { return ok_ && text_.empty(); }

private:
    void skip(std::size_t count) noexcept { text_.remove_prefix(ok_ ? count : 0); }

    std::string_view text_;
    bool ok_ = true;
};

constexpr std::string_view day_names = "MonTueWedThuFriSatSun";
constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct moment {
    int year = 0;
    unsigned month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;

    std::optional<sys_seconds> time() const noexcept
    {
        const auto date = std::chrono::year(year) / std::chrono::month(month) /
                          std::chrono::day(static_cast<unsigned>(day));
        // Second 60 is a leap second; a minute starts then.
        if (!date.ok() || hour > 23 || minute > 59 || second > 60) {
            return std::nullopt;
        }
        return sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
    }
};

void read_clock(date_cursor& in, moment& out) noexcept
{
    out.hour = in.number(2);
    in.literal(":");
    out.minute = in.number(2);
    in.literal(":");
    out.second = in.number(2);
}

} // namespace

std::optional<sys_seconds> parse_http_date(std::string_view text) noexcept
{
    date_cursor in(text);
    moment out;
    in.name(day_names);
    in.skip_letters();
    if (in.take(',')) {
        in.literal(" ");
        out.day = in.number(2);
        const bool rfc850 = in.take('-');
        in.literal(rfc850 ? "" : " ");
        out.month = in.name(month_names) + 1;
        in.literal(rfc850 ? "-" : " ");
        out.year = in.number(rfc850 ? 2 : 4);
        out.year += rfc850 ? (out.year >= 70 ? 1900 : 2000) : 0;
        in.literal(" ");
        read_clock(in, out);
        in.literal(" GMT");
    } else {
        in.literal(" ");
        out.month = in.name(month_names) + 1;
        in.literal(" ");
        out.day = in.take(' ') ? in.number(1) : in.number(2);
        in.literal(" ");
        read_clock(in, out);
        in.literal(" ");
        out.year = in.number(4);
    }
    return in.at_end() ? out.time() : std::nullopt;
}

std::optional<sys_time<milliseconds>> parse_rfc3339(std::string_view text) noexcept
{
    date_cursor in(text);
    moment out;
    out.year = in.number(4);
    in.literal("-");
    out.month = static_cast<unsigned>(in.number(2));
    in.literal("-");
    out.day = in.number(2);
    if (!in.take('T')) {
        in.literal("t");
    }
    read_clock(in, out);
    int fraction_ms = 0;
    if (in.take('.')) {
        int scale = 100;
        fraction_ms = in.number(1) * scale;
        while (in.next_is_digit()) {
            scale /= 10;
            fraction_ms += in.number(1) * scale;
        }
    }
    minutes offset(0);
    if (!in.take('Z') && !in.take('z')) {
        const bool west = in.take('-');
        in.literal(west ? "" : "+");
        const int offset_hours = in.number(2);
        in.literal(":");
        const int offset_minutes = in.number(2);
        offset = (hours(offset_hours) + minutes(offset_minutes)) * (west ? -1 : 1);
    }
    const std::optional<sys_seconds> time = in.at_end() ? out.time() : std::nullopt;
    if (!time) {
        return std::nullopt;
    }
    return *time - offset + milliseconds(fraction_ms);
}

} // namespace cogate::wire

#include "lib/catalog/decimal.hpp"
#include "lib/config/quantity.hpp"
#include "lib/config/reader.hpp"
#include "lib/core/text.hpp"
#include "lib/ledger/period.hpp"
#include "lib/wire/url.hpp"

#include <algorithm>

namespace cogate::config {

namespace {

constexpr int usd_decimals = 9; // nano-dollars

std::string wanted(key const& row)
{
    std::string const range = "from " + std::to_string(row.low) + " to " + std::to_string(row.high);
    switch (row.type) {
    case value_type::integer: return "a whole number " + range;
    case value_type::number: return "a number " + range;
    case value_type::bytes: return "a number of bytes " + range + ", such as 1048576 or 1MiB";
    case value_type::duration:
        return "seconds or a time such as 250ms, 30s or 10m, above zero and at most 30 days";
    case value_type::delay: return "seconds or a time such as 250ms, 30s or 10m, zero to 30 days";
    case value_type::usd: return "an amount of US dollars, such as 0.5";
    case value_type::price: return "a price in US dollars, such as 1.5e-7";
    case value_type::period: return "a period such as 30s, 30m, 12h, 7d or 1mo";
    case value_type::boolean: return "true or false";
    case value_type::choice: {
        std::string list;
        for (std::string_view const each : row.choices()) {
            list.append(list.empty() ? "one of " : ", ").append(each);
        }
        return list;
    }
    default: return "a " + std::string(to_string(row.type));
    }
}

bool in_range(key const& row, double number) noexcept
{
    return number >= static_cast<double>(row.low) && number <= static_cast<double>(row.high);
}

bool parse_integer(key const& row, value& out)
{
    auto const number =
        row.type == value_type::bytes ? parse_bytes(out.text) : core::parse_int<std::int64_t>(out.text);
    out.number = number.value_or(0);
    return number && *number >= row.low && *number <= row.high;
}

bool parse_money(int decimals, value& out)
{
    auto const amount = catalog::scale_decimal(out.text, decimals);
    out.number = amount ? amount->value : 0;
    return amount && amount->value >= 0;
}

/// Fills the member of `out` that belongs to the type; false when the text is no such value.
bool parse(key const& row, value& out)
{
    switch (row.type) {
    case value_type::integer:
    case value_type::bytes: return parse_integer(row, out);
    case value_type::number: {
        auto const number = parse_number(out.text);
        out.real = number.value_or(0);
        return number && in_range(row, *number);
    }
    case value_type::duration:
    case value_type::delay: {
        auto const time = row.type == value_type::delay ? parse_delay(out.text) : parse_duration(out.text);
        out.time = time.value_or(out.time);
        return time.has_value();
    }
    case value_type::usd: return parse_money(usd_decimals, out);
    case value_type::price: return unit_price::parse(out.text).has_value();
    case value_type::period: return ledger::parse_period(out.text, {}).has_value();
    case value_type::boolean: {
        auto const yes = parse_boolean(out.text);
        out.yes = yes.value_or(false);
        return yes.has_value();
    }
    case value_type::choice: {
        auto const names = row.choices();
        return std::find(names.begin(), names.end(), out.text) != names.end();
    }
    default: return true;
    }
}

std::string hint(key const& row, std::string_view text)
{
    if (row.type != value_type::choice) {
        return {};
    }
    auto const near = core::nearest(text, row.choices());
    return near ? "; did you mean '" + std::string(*near) + "'?" : std::string();
}

} // namespace

std::optional<value> reader::convert(key const& row, YAML::Node const& node)
{
    std::string const what(row.name);
    auto read = text(node, what);
    if (!read) {
        return std::nullopt;
    }
    value out{.text = *std::move(read)};
    if (row.type == value_type::url) {
        const char* why = nullptr;
        if (!wire::parse_url(out.text, &why)) {
            error(node.Mark(),
                  what + " is not a usable http or https URL: " + (why != nullptr ? why : "malformed"));
            return std::nullopt;
        }
    } else if (!parse(row, out)) {
        // What stands in the file may be shown, what came out of the environment may not.
        error(node.Mark(),
              what + ": " + in_quotes(node.Scalar()) + " is not " + wanted(row) + hint(row, node.Scalar()));
        return std::nullopt;
    }
    return out;
}

} // namespace cogate::config

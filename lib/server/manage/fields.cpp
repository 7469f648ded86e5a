#include "lib/server/manage/fields.hpp"

#include "lib/core/text.hpp"
#include "lib/ledger/period.hpp"
#include "lib/ledger/scope.hpp"
#include "lib/wire/http_date.hpp"

#include <cogate/money.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace cogate::server::manage {
namespace {

std::optional<ledger::moment> date_of(std::string_view text)
{
    for (std::string_view const rest : {"", "Z", "T00:00:00Z"}) {
        if (auto const at = wire::parse_rfc3339(std::string(text) + std::string(rest))) {
            return *at;
        }
    }
    return std::nullopt;
}

} // namespace

bool is_name(json::value one)
{
    return one.is_string() && !one.string().empty() && ledger::is_valid_name(one.string());
}

std::optional<ledger::moment> end_of(std::string_view duration, ledger::moment now)
{
    using namespace std::chrono;
    std::optional<ledger::budget_period> const span = ledger::parse_period(duration, now);
    if (!span) {
        return std::nullopt;
    }
    switch (span->in) {
    case ledger::budget_period::unit::second: return now + seconds{span->every};
    case ledger::budget_period::unit::minute: return now + minutes{span->every};
    case ledger::budget_period::unit::hour: return now + hours{span->every};
    case ledger::budget_period::unit::day: return now + days{span->every};
    default: break;
    }
    sys_days const today = floor<days>(now);
    year_month_day then = year_month_day{today} + months{span->every};
    if (!then.ok()) { // the 31st of a shorter month
        then = then.year() / then.month() / last;
    }
    return sys_days{then} + (now - today);
}

fields::fields(json::value object, std::string within) : object_(object), within_(std::move(within))
{
    if (object.exists() && !object.is_object()) {
        fault_ =
            failure{error_kind::invalid_request,
                    within_.empty() ? "The request must be a JSON object."
                                    : "'" + within_.substr(0, within_.size() - 1) + "' must be an object."}
                .with_param(within_.empty() ? "body" : within_.substr(0, within_.size() - 1));
        object_ = {};
        return;
    }
    std::vector<std::string_view> keys;
    for (json::member const one : object_.members()) {
        keys.push_back(one.key);
    }
    std::sort(keys.begin(), keys.end());
    if (auto const twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end()) {
        blame(*twice, "stands there twice.");
    }
}

void fields::blame(std::string_view field, std::string_view message)
{
    if (!fault_) {
        std::string const name = within_ + std::string(field.substr(0, 100));
        fault_ =
            failure{error_kind::invalid_request, "'" + name + "' " + std::string(message)}.with_param(name);
    }
}

json::value fields::take(std::string_view field)
{
    asked_.push_back(field);
    return object_[field];
}

bool fields::says(std::string_view name)
{
    return value(name).exists();
}

bool fields::has(std::string_view name)
{
    return take(name).exists();
}

json::value fields::value(std::string_view name)
{
    json::value const one = take(name);
    return one.is_null() ? json::value{} : one;
}

void fields::name(std::string_view field, std::string& to)
{
    json::value const said = take(field);
    if (!said.exists()) {
        return;
    }
    if (said.is_null() || said.equals("")) {
        to.clear();
    } else if (!is_name(said)) {
        blame(field, name_rule);
    } else {
        to = said.string();
    }
}

std::string fields::required_name(std::string_view field)
{
    std::string out;
    name(field, out);
    if (out.empty()) {
        blame(field, "is required.");
    }
    return out;
}

void fields::text(std::string_view field, std::string& to, std::size_t most)
{
    json::value const said = take(field);
    if (!said.exists()) {
        return;
    }
    if (said.is_null()) {
        to.clear();
    } else if (!said.is_string() || said.raw().size() > most) {
        blame(field, "must be a text of at most " + std::to_string(most) + " bytes.");
    } else {
        to = said.string();
    }
}

void fields::money(std::string_view field, std::optional<ledger::nanos>& to)
{
    json::value const said = take(field);
    if (said.exists()) {
        amount(field, said, to);
    }
}

void fields::amount(std::string_view field, json::value said, std::optional<ledger::nanos>& to)
{
    if (said.is_null()) {
        to.reset();
        return;
    }
    std::optional<cogate::money> const read = said.is_number()   ? cogate::money::parse(said.raw())
                                              : said.is_string() ? cogate::money::parse(said.string())
                                                                 : std::nullopt;
    if (!read || read->nanos() < 0 || read->nanos() > largest_money) {
        blame(field, "must be an amount of US dollars from 0 to 1000000000.");
        return;
    }
    to = read->nanos();
}

void fields::adopt(fields const& inner)
{
    if (!fault_ && inner.fault_) {
        fault_ = inner.fault_;
    }
}

void fields::count(std::string_view field, std::optional<std::int64_t>& to)
{
    json::value const said = take(field);
    if (!said.exists() || said.is_null()) {
        said.exists() ? to.reset() : void();
        return;
    }
    std::optional<std::int64_t> const number = said.is_number() ? said.as_int64() : std::nullopt;
    if (!number || *number < 0 || *number > largest_count) {
        blame(field, "must be a whole number from 0 to 9007199254740992.");
        return;
    }
    to = number;
}

void fields::flag(std::string_view field, bool& to)
{
    json::value const said = take(field);
    if (!said.exists()) {
        return;
    }
    if (!said.is_null() && !said.is_bool()) {
        blame(field, "must be true or false.");
        return;
    }
    to = said.as_bool().value_or(false);
}

void fields::period(std::string_view field, std::string& to)
{
    json::value const said = take(field);
    if (!said.exists()) {
        return;
    }
    if (said.is_null() || said.equals("")) {
        to.clear();
    } else if (!said.is_string() || !ledger::parse_period(said.string(), {})) {
        blame(field, "must be a span such as \"30s\", \"30m\", \"12h\", \"30d\", \"2w\" or \"1mo\".");
    } else {
        to = said.string();
    }
}

void fields::instant(std::string_view field, std::optional<ledger::moment>& to, ledger::moment now)
{
    json::value const said = take(field);
    if (!said.exists() || said.is_null()) {
        said.exists() ? to.reset() : void();
        return;
    }
    std::string const text = said.string();
    std::optional<ledger::moment> const then = end_of(text, now);
    std::optional<ledger::moment> const at = then ? then : date_of(text);
    if (!at) {
        blame(field,
              "must be a date (\"2026-01-31\", \"2026-01-31T12:00:00Z\") or a span from now (\"30d\").");
        return;
    }
    to = at;
}

} // namespace cogate::server::manage

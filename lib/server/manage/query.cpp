#include "lib/server/manage/query.hpp"

#include "lib/core/text.hpp"
#include "lib/core/utf8.hpp"
#include "lib/wire/url.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

std::optional<std::string> decoded(std::string_view part)
{
    std::string spaced(part);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    std::optional<std::string> text = wire::percent_decode(spaced);
    return text && core::is_utf8(*text) ? text : std::nullopt;
}

std::string quoted(std::string_view name)
{
    return "The query parameter '" + std::string(name) + "' ";
}

} // namespace

query::query(std::string_view text)
{
    for (std::string_view const pair : core::split(text, '&')) {
        std::string_view const raw_name = pair.substr(0, pair.find('='));
        if (pair.empty()) {
            continue;
        }
        std::optional<std::string> name = decoded(raw_name);
        if (!name) {
            blame("query", "The name of a query parameter is not valid percent-encoded text.");
            return;
        }
        std::optional<std::string> value = decoded(pair.substr(std::min(pair.size(), raw_name.size() + 1)));
        if (!value) {
            blame(*name, quoted(*name) + "is not valid percent-encoded text.");
            return;
        }
        if (pairs_.size() == most) {
            blame("query", "The query has more than " + std::to_string(most) + " parameters.");
            return;
        }
        pairs_.emplace_back(*std::move(name), *std::move(value));
    }
}

void query::blame(std::string_view name, std::string message)
{
    if (!fault_) {
        fault_ = failure{error_kind::invalid_request, std::move(message)}.with_param(
            std::string(name.substr(0, 100)));
    }
}

std::optional<std::string> query::one(std::string_view name)
{
    std::optional<std::string> found;
    for (auto const& [key, value] : pairs_) {
        if (key != name || value.empty()) {
            continue;
        }
        if (found) {
            blame(name, quoted(name) + "may stand there once only.");
        }
        found = value;
    }
    return found;
}

std::vector<std::string> query::all(std::string_view name) const
{
    std::vector<std::string> out;
    for (auto const& [key, value] : pairs_) {
        std::string_view bare = key;
        if (bare.ends_with("[]")) {
            bare.remove_suffix(2);
        }
        if (bare == name && !value.empty()) {
            out.push_back(value);
        }
    }
    return out;
}

bool query::flag(std::string_view name, bool otherwise)
{
    std::optional<std::string> const text = one(name);
    if (!text) {
        return otherwise;
    }
    if (core::iequals(*text, "true") || *text == "1") {
        return true;
    }
    if (!core::iequals(*text, "false") && *text != "0") {
        blame(name, quoted(name) + "must be true or false.");
    }
    return false;
}

std::int64_t query::number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                           std::int64_t largest)
{
    std::optional<std::string> const text = one(name);
    if (!text) {
        return otherwise;
    }
    std::optional<std::int64_t> const number = core::parse_int<std::int64_t>(*text);
    if (!number || *number < least || *number > largest) {
        blame(name, quoted(name) + "must be a whole number from " + std::to_string(least) + " to " +
                        std::to_string(largest) + '.');
        return otherwise;
    }
    return *number;
}

} // namespace cogate::server::manage

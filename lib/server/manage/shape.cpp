#include "lib/server/manage/shape.hpp"

#include "lib/core/json/document.hpp"
#include "lib/ledger/export.hpp"

#include <cogate/money.hpp>

#include <algorithm>

namespace cogate::server::manage {

bool shape::is_new(std::string_view name)
{
    if (std::find(said_.begin(), said_.end(), name) != said_.end()) {
        return false;
    }
    said_.emplace_back(name);
    return true;
}

shape& shape::raw(std::string_view name, std::string_view json)
{
    if (is_new(name)) {
        to_.raw_member(name, json);
    }
    return *this;
}

shape& shape::text(std::string_view name, std::string_view value)
{
    if (value.empty()) {
        return raw(name, "null");
    }
    if (is_new(name)) {
        to_.member(name, value);
    }
    return *this;
}

shape& shape::number(std::string_view name, std::optional<std::int64_t> value)
{
    return raw(name, value ? std::to_string(*value) : "null");
}

shape& shape::money(std::string_view name, std::optional<ledger::nanos> value)
{
    return raw(name, value ? to_string(cogate::money::from_nanos(*value)) : "null");
}

shape& shape::flag(std::string_view name, bool value)
{
    return raw(name, value ? "true" : "false");
}

shape& shape::instant(std::string_view name, std::optional<ledger::moment> value)
{
    if (!value || *value == ledger::moment::max() || *value == ledger::moment::min()) {
        return raw(name, "null");
    }
    return text(name, ledger::rfc3339(*value));
}

shape& shape::names(std::string_view name, std::span<std::string const> values)
{
    if (is_new(name)) {
        to_.key(name).begin_array();
        for (std::string const& one : values) {
            to_.value(one);
        }
        to_.end_array();
    }
    return *this;
}

shape& shape::pairs(std::string_view name, std::map<std::string, std::string, std::less<>> const& values)
{
    if (is_new(name)) {
        to_.key(name).begin_object();
        for (auto const& [key, value] : values) {
            to_.member(key, value);
        }
        to_.end_object();
    }
    return *this;
}

shape& shape::list(std::string_view name, std::span<std::string const> values)
{
    return raw(name, json_list(values));
}

shape& shape::rest(std::string_view object)
{
    json::document doc;
    json::parse_error error;
    doc.parse(object, error);
    for (json::member const one : doc.root().members()) {
        raw(one.key, one.val.raw());
    }
    return *this;
}

std::string json_list(std::span<std::string const> values)
{
    std::string out;
    json::writer to(out);
    to.begin_array();
    for (std::string const& one : values) {
        to.raw(one);
    }
    to.end_array();
    return out;
}

} // namespace cogate::server::manage

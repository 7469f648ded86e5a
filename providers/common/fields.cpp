#include "providers/common/fields.hpp"

#include "lib/core/json/valid.hpp"

#include <algorithm>

namespace cogate::providers {

namespace {

std::string_view with_article(json::kind kind) noexcept
{
    switch (kind) {
    case json::kind::missing: return "absent";
    case json::kind::null: return "null";
    case json::kind::boolean: return "a boolean";
    case json::kind::number: return "a number";
    case json::kind::string: return "a string";
    case json::kind::array: return "an array";
    case json::kind::object: return "an object";
    }
    return "unknown";
}

bool names(std::span<std::string_view const> list, std::string_view key) noexcept
{
    return std::find(list.begin(), list.end(), key) != list.end();
}

} // namespace

std::string place::text() const
{
    std::string out = up == nullptr ? std::string() : up->text();
    if (index >= 0) {
        out += '[' + std::to_string(index) + ']';
        return out;
    }
    if (!out.empty() && !name.empty()) {
        out += '.';
    }
    out += name;
    return out;
}

void reader::fail(place const& at, std::string_view code, std::string message)
{
    if (strict_ && !error_) {
        error_ = failure(error_kind::invalid_request, std::move(message));
        error_->with_code(std::string(code)).with_param(at.text());
    }
}

void reader::wrong_type(place const& at, std::string_view expected, json::value found)
{
    if (strict_ && !error_) {
        std::string message = "'" + at.text() + "' must be ";
        message += expected;
        message += ", not ";
        message += with_article(found.kind());
        fail(at, "invalid_type", std::move(message));
    }
}

void reader::missing(place const& at)
{
    if (strict_ && !error_) {
        fail(at, "missing_required_parameter", "'" + at.text() + "' is required");
    }
}

void reader::wrong_value(place const& at, std::string_view why)
{
    if (strict_ && !error_) {
        fail(at, "invalid_value", "'" + at.text() + "' " + std::string(why));
    }
}

void reader::text(json::value object, std::string_view key, place const& at, std::string& out)
{
    const json::value found = object[key];
    if (found.is_string()) {
        out = found.string();
    } else if (found.exists() && !found.is_null()) {
        wrong_type(place{&at, key}, "a string", found);
    }
}

void reader::flag(json::value object, std::string_view key, place const& at, std::optional<bool>& out)
{
    const json::value found = object[key];
    if (found.is_bool()) {
        out = found.as_bool();
    } else if (found.exists() && !found.is_null()) {
        wrong_type(place{&at, key}, "a boolean", found);
    }
}

void reader::integer(json::value object, std::string_view key, place const& at,
                     std::optional<std::int64_t>& out)
{
    const json::value found = object[key];
    if (!found.exists() || found.is_null()) {
        return;
    }
    if (!found.is_number()) {
        wrong_type(place{&at, key}, "an integer", found);
        return;
    }
    out = found.as_int64();
    if (!out) {
        wrong_value(place{&at, key}, "must be an integer within 64 bits");
    }
}

void reader::number(json::value object, std::string_view key, place const& at, number_text& out)
{
    const json::value found = object[key];
    if (found.is_number()) {
        out = number_text::from_json(std::string(found.raw()));
    } else if (found.exists() && !found.is_null()) {
        wrong_type(place{&at, key}, "a number", found);
    }
}

void reader::raw(json::value object, std::string_view key, raw_json& out)
{
    const json::value found = object[key];
    if (found.exists() && !found.is_null()) {
        out.text = found.raw();
    }
}

void reader::object(json::value object, std::string_view key, place const& at, raw_json& out)
{
    const json::value found = object[key];
    if (found.is_object()) {
        out.text = found.raw();
    } else if (found.exists() && !found.is_null()) {
        wrong_type(place{&at, key}, "an object", found);
    }
}

void keep_unknown(json::value object, std::span<std::string_view const> known, extra_fields& extra)
{
    for (json::member m : object.members()) {
        if (!names(known, m.key)) {
            extra.set(std::string(m.key), raw_json{std::string(m.val.raw())});
        }
    }
}

void keep_leftovers(json::value object, std::string_view name, std::span<std::string_view const> known,
                    extra_fields& extra)
{
    extra_fields rest;
    keep_unknown(object, known, rest);
    keep_object(rest, name, extra);
}

void keep_object(extra_fields const& members, std::string_view name, extra_fields& extra)
{
    if (members.empty()) {
        return;
    }
    std::string text;
    json::writer out(text);
    out.begin_object();
    for (auto const& [key, value] : members) {
        out.raw_member(key, value.text);
    }
    out.end_object();
    extra.set(std::string(name), raw_json{std::move(text)});
}

extra_fields without(extra_fields const& fields, std::span<std::string_view const> left_out)
{
    extra_fields out;
    for (auto const& [key, value] : fields) {
        if (!names(left_out, key)) {
            out.set(key, value);
        }
    }
    return out;
}

std::optional<cache_mark> read_cache_mark(json::value object)
{
    const json::value ttl = object["ttl"];
    const bool known =
        object["type"].equals("ephemeral") && (object.size() == 1 || (object.size() == 2 && ttl.is_string()));
    if (!known) {
        return std::nullopt;
    }
    return cache_mark{.ttl = ttl.string()};
}

bool raw_writer::check(std::string_view name, std::string_view text)
{
    if (json::is_valid(text)) {
        return true;
    }
    if (!error_) {
        error_ = failure(error_kind::invalid_request, "'" + std::string(name) + "' is not valid JSON");
        error_->with_code("invalid_json").with_param(std::string(name));
    }
    return false;
}

void raw_writer::member(std::string_view key, raw_json const& value)
{
    if (!value.empty() && check(key, value.text)) {
        out_.raw_member(key, value.text);
    }
}

void raw_writer::member(std::string_view key, number_text const& value)
{
    if (value.empty()) {
        return;
    }
    json::document doc;
    json::parse_error error;
    if (doc.parse(value.text(), error) && doc.root().is_number()) {
        out_.raw_member(key, doc.root().raw());
    } else if (!error_) {
        error_ = failure(error_kind::invalid_request, "'" + std::string(key) + "' is not a number");
        error_->with_code("invalid_type").with_param(std::string(key));
    }
}

void raw_writer::element(raw_json const& value, std::string_view name)
{
    if (check(name, value.text)) {
        out_.raw(value.text);
    }
}

void raw_writer::extra(extra_fields const& fields, std::span<std::string_view const> inner)
{
    for (auto const& [key, value] : fields) {
        if (!names(inner, key)) {
            member(key, value);
        }
    }
}

void raw_writer::leftovers(extra_fields const& fields, std::string_view name)
{
    raw_json const* rest = fields.find(name);
    if (rest == nullptr) {
        return;
    }
    json::document doc;
    json::parse_error error;
    if (!doc.parse(rest->text, error) || !doc.root().is_object()) {
        check(name, {});
        return;
    }
    for (json::member m : doc.root().members()) {
        out_.raw_member(m.key, m.val.raw());
    }
}

void raw_writer::cache(std::optional<cache_mark> const& mark)
{
    if (!mark) {
        return;
    }
    out_.key("cache_control").begin_object().member("type", "ephemeral");
    if (!mark->ttl.empty()) {
        out_.member("ttl", mark->ttl);
    }
    out_.end_object();
}

} // namespace cogate::providers

#pragma once
/// Reading of JSON members into canonical fields, and writing of raw ones back, shared by both directions.

#include <cogate/chat.hpp>
#include <cogate/error.hpp>

#include "lib/core/json/document.hpp"
#include "lib/core/json/writer.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cogate::providers {

/// Where a value stands in the request, as a chain on the stack: text is made only for an error.
struct place {
    place const* up = nullptr;
    std::string_view name{};
    std::int64_t index = -1;

    /// "messages[2].content"
    std::string text() const;
};

/// Reads members. Strict (a client's request): a wrong type is the `error`, the first one stays. Lenient (a
/// provider's answer): a wrong type counts as absent. null counts as absent in both. Not thread-safe.
class reader {
public:
    explicit reader(bool strict) noexcept : strict_(strict) {}

    bool strict() const noexcept { return strict_; }
    bool good() const noexcept { return !error_; }
    failure const& error() const noexcept { return *error_; }

    void text(json::value object, std::string_view key, place const& at, std::string& out);
    void flag(json::value object, std::string_view key, place const& at, std::optional<bool>& out);
    void integer(json::value object, std::string_view key, place const& at, std::optional<std::int64_t>& out);
    void number(json::value object, std::string_view key, place const& at, number_text& out);
    /// Any value, kept as text.
    void raw(json::value object, std::string_view key, raw_json& out);
    /// An object, kept as text.
    void object(json::value object, std::string_view key, place const& at, raw_json& out);

    /// Strict: the value at `at` should have been `expected` ("a string").
    void wrong_type(place const& at, std::string_view expected, json::value found);
    /// Strict: a required member is not there.
    void missing(place const& at);
    /// Strict: right type, impossible value.
    void wrong_value(place const& at, std::string_view why);

private:
    void fail(place const& at, std::string_view code, std::string message);

    bool strict_;
    std::optional<failure> error_;
};

/// Members of `object` that `known` does not name go to `extra`. Of equal keys the last stays.
void keep_unknown(json::value object, std::span<std::string_view const> known, extra_fields& extra);

/// The unknown members of an inner object go to `extra` under `name`, as one object.
void keep_leftovers(json::value object, std::string_view name, std::span<std::string_view const> known,
                    extra_fields& extra);

/// These members go to `extra` under `name`, as one object, if there are any.
void keep_object(extra_fields const& members, std::string_view name, extra_fields& extra);

/// The fields but those of these names.
extra_fields without(extra_fields const& fields, std::span<std::string_view const> left_out);

/// Exactly `{"type":"ephemeral"}` or the same with a ttl; any other mark stays unknown.
std::optional<cache_mark> read_cache_mark(json::value object);

/// Writes raw values into JSON text; a value that is not JSON is remembered as the `error`.
class raw_writer {
public:
    explicit raw_writer(json::writer& out) noexcept : out_(out) {}

    json::writer& out() noexcept { return out_; }
    bool good() const noexcept { return !error_; }
    failure const& error() const noexcept { return *error_; }

    /// Nothing when `value` is empty.
    void member(std::string_view key, raw_json const& value);
    void member(std::string_view key, number_text const& value);
    /// A value without key.
    void element(raw_json const& value, std::string_view name);
    /// All members but the leftovers of the inner objects `inner`.
    void extra(extra_fields const& fields, std::span<std::string_view const> inner = {});
    /// The leftovers that belong into the inner object `name`.
    void leftovers(extra_fields const& fields, std::string_view name);
    void cache(std::optional<cache_mark> const& mark);

private:
    bool check(std::string_view name, std::string_view text);

    json::writer& out_;
    std::optional<failure> error_;
};

} // namespace cogate::providers

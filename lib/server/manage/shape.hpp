#pragma once

#include "lib/core/json/writer.hpp"
#include "lib/ledger/event.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::server::manage {

/// Writes one JSON object in which every name stands once: the first one said counts. Empty texts and missing numbers
/// are null, as LiteLLM's rows have them. Lifetime: the string must outlive it. Thread safety: one thread at a time.
class shape {
public:
    explicit shape(std::string& out) : to_(out) { to_.begin_object(); }

    shape& text(std::string_view name, std::string_view value);
    shape& number(std::string_view name, std::optional<std::int64_t> value);
    /// Exact dollars.
    shape& money(std::string_view name, std::optional<ledger::nanos> value);
    shape& flag(std::string_view name, bool value);
    /// RFC 3339; null for the first and the last moment of all.
    shape& instant(std::string_view name, std::optional<ledger::moment> value);
    shape& names(std::string_view name, std::span<std::string const> values);
    shape& pairs(std::string_view name, std::map<std::string, std::string, std::less<>> const& values);
    /// JSON text.
    shape& raw(std::string_view name, std::string_view json);
    /// A list of JSON texts.
    shape& list(std::string_view name, std::span<std::string const> values);
    /// The members of a JSON object whose names have not been said.
    shape& rest(std::string_view object);
    void end() { to_.end_object(); }

private:
    bool is_new(std::string_view name);

    json::writer to_;
    std::vector<std::string> said_;
};

/// "[a,b]" of JSON texts.
std::string json_list(std::span<std::string const> values);

} // namespace cogate::server::manage

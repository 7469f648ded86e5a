#pragma once

#include "lib/core/json/document.hpp"
#include "lib/ledger/event.hpp"

#include <cogate/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::server::manage {

using aliases = std::map<std::string, std::string, std::less<>>;

inline constexpr std::int64_t largest_count = std::int64_t{1} << 53; ///< what any JSON client can say
inline constexpr ledger::nanos largest_money = 1'000'000'000 * std::int64_t{1'000'000'000}; ///< 10^9 dollars
inline constexpr std::size_t most_names = 1000;                                             ///< of one list
inline constexpr std::size_t largest_json = 64 * 1024; ///< bytes of `metadata`, and of all that is only kept

/// The members of a request's object, read by name into what a record has.
///
/// A member that is not there leaves its target as it is; null makes it what it is by default ("not said", "take
/// away"). Whatever is wrong is kept as the first fault, an `invalid_request` that names the field; a reader asks for all it
/// knows and then for fault(). Lifetime: as the value's document. Thread safety: one thread at a time.
class fields {
public:
    /// Anything but an object, or missing, is a fault, and so is a name that stands there twice. `within` is put before the
    /// names of fields in messages ("keys[2].").
    explicit fields(json::value object, std::string within = {});

    /// Whether the member is there and not null.
    bool says(std::string_view name);
    /// Whether the member is there, even as null.
    bool has(std::string_view name);
    /// The value of a member that the caller reads by itself; missing when it is not there or null.
    json::value value(std::string_view name);

    /// An id, alias or word: a name as the ledger has them, not empty. "" is null.
    void name(std::string_view field, std::string& to);
    /// The same, which must be there.
    std::string required_name(std::string_view field);
    /// Any text of at most `most` bytes.
    void text(std::string_view field, std::string& to, std::size_t most = 4096);
    /// A number or a text of decimal digits, read exactly, from 0 to `largest_money`.
    void money(std::string_view field, std::optional<ledger::nanos>& to);
    /// A whole number from 0 to `largest_count`.
    void count(std::string_view field, std::optional<std::int64_t>& to);
    void flag(std::string_view field, bool& to);
    /// A list of names, without repetitions.
    void names(std::string_view field, std::vector<std::string>& to);
    /// The same, which must be there and hold one at least.
    std::vector<std::string> required_names(std::string_view field);
    /// An object of names.
    void pairs(std::string_view field, aliases& to);
    /// Any object, kept as its text.
    void object(std::string_view field, std::string& to);
    /// How often a budget starts anew, as parse_period() reads it. "" is null.
    void period(std::string_view field, std::string& to);
    /// A span from now, or a date ("2026-01-31", RFC 3339).
    void instant(std::string_view field, std::optional<ledger::moment>& to, ledger::moment now);

    /// One of a few words; `read` turns a text into a value. `words` is for the message.
    template <class T>
    void word(std::string_view field, std::optional<T> (*read)(std::string_view), std::string_view words,
              T& to)
    {
        json::value const said = take(field);
        if (!said.exists() || said.is_null()) {
            return;
        }
        std::optional<T> const known = said.is_string() ? read(said.string()) : std::nullopt;
        known ? void(to = *known) : blame(field, "must be one of: " + std::string(words) + '.');
    }

    /// Members that nobody asked for: those of LiteLLM's shape, and unknown ones, are put into `kept`, a JSON object (null
    /// takes one away); an unknown one that looks like a slip of a known one is a fault. To be called last.
    void keep_rest(std::string& kept);
    /// The same check where nothing is kept.
    void ignore_rest();

    /// What money() does, with a value that is at hand.
    void amount(std::string_view field, json::value said, std::optional<ledger::nanos>& to);

    /// The fault of a reader of something within.
    void adopt(fields const& inner);

    /// A fault that the reader found. The message follows "'field' ".
    void blame(std::string_view field, std::string_view message);

    std::optional<failure> const& fault() const noexcept { return fault_; }

private:
    json::value take(std::string_view field);
    bool list_of_names(std::string_view field, json::value from, std::vector<std::string>& to);
    std::vector<json::member> unasked();

    json::value object_;
    std::string within_;
    std::vector<std::string_view> asked_;
    std::optional<failure> fault_;
};

inline constexpr std::string_view name_rule = "must be a text of 1 to 256 bytes without control characters.";

/// Whether a value is what name() takes.
bool is_name(json::value one);

/// When something that lasts `duration` from now ends: "30s", "12h", "30d", "2w", "1mo". Nothing for anything else.
std::optional<ledger::moment> end_of(std::string_view duration, ledger::moment now);

/// Every field of LiteLLM's management requests and answers.
std::span<std::string_view const> litellm_fields() noexcept;

/// Those of answers alone, and those that must not be stored: sent back, they are passed over.
bool is_never_kept(std::string_view field) noexcept;

} // namespace cogate::server::manage

#pragma once
/// Validates a JSON text as it arrives and tells where the members of its root object lie, without building
/// anything: what the express lane runs over every body before it splices bytes.
///
/// Strict RFC 8259: no comments, no trailing commas, no byte order mark; strings must be valid UTF-8 with
/// legal escapes (a lone \uD800 is legal text). Feeding a text whole or split at any byte gives the same
/// members and the same error at the same offset. Memory is bounded by the object itself; nothing is
/// allocated.
/// Thread safety: one thread at a time per object. Offsets count bytes from the start of the text.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "lib/core/json/machine_state.hpp"
#include "lib/core/json/member_key.hpp"
#include "lib/core/json/syntax.hpp"

namespace cogate::json {

/// One member of the root object.
struct member_span {
    std::string_view key;     // decoded, first `longest_key` bytes; valid until the scanner goes on
    std::size_t key_size = 0; // of the whole decoded key
    json::kind kind = kind::missing;
    std::size_t value_begin = 0; // the value's own bytes, quotes or brackets included
    std::size_t value_end = 0;
    std::size_t member_begin = 0; // the key's opening quote
    std::size_t member_end = 0;   // the end of the value

    bool is(std::string_view name) const noexcept { return key_size == key.size() && key == name; }
};

/// Hears of each member once its value is complete, in the order of the text.
class member_sink {
public:
    virtual void on_member(const member_span& member) = 0;

protected:
    ~member_sink() = default;
};

struct scan_options {
    unsigned max_depth = default_max_depth; // at most `deepest`
    bool require_object = false;            // refuse any other root with not_an_object
};

class scanner {
public:
    /// `sink` may be null (validation only) and must outlive the scanner.
    explicit scanner(member_sink* sink = nullptr, scan_options options = {}) noexcept;

    /// Takes the next piece. False from the first error on.
    bool feed(std::string_view bytes);

    /// The text is complete: false when it was not.
    bool finish();

    /// feed and finish of a text that is complete, in less time; to be called on a scanner that is fresh or was
    /// reset. The sink may hear of members a second time, from the first one on.
    bool take_whole(std::string_view text);

    /// Ready for another text.
    void reset() noexcept;

    const scan_error& error() const noexcept { return state_.error; }

    /// Kind of the root once its first byte was seen (a scalar root: once it is complete), else missing.
    json::kind root() const noexcept { return root_; }

    /// Members whose key was seen so far.
    std::size_t member_count() const noexcept { return keys_.size(); }

    /// The member whose value has begun but was not told yet; null when there is none. Its kind, value_end
    /// and member_end are not settled.
    const member_span* open_member() noexcept;

private:
    friend struct top_level;

    scan_options options_;
    member_sink* sink_;
    json::kind root_ = kind::missing;
    bool open_ = false;
    machine_state state_;
    member_span member_;
    key_reader key_;
    key_set keys_;
};

/// One member find_members looks for. `key` is at most `longest_key` bytes; the rest is the answer.
struct member_query {
    std::string_view key;
    json::kind kind = kind::missing;
    std::size_t value_begin = 0;
    std::size_t value_end = 0;
    std::size_t member_begin = 0;
    std::size_t member_end = 0;
    bool found = false;

    /// The value's bytes in the text that was searched.
    std::string_view value_in(std::string_view text) const noexcept
    {
        return found ? text.substr(value_begin, value_end - value_begin) : std::string_view{};
    }
};

/// The keys of a root object as views into its text, for asking later what is not there. A bounded number, and
/// none that has escapes: `complete` is false when one of them is left out.
struct key_list {
    std::array<std::string_view, 32> keys{};
    std::size_t count = 0;
    bool complete = true;
    std::uint64_t signs = 0; ///< of all keys: most questions end here

    /// One bit for what is cheap to see of a key.
    static constexpr std::uint64_t sign_of(std::string_view key) noexcept
    {
        const auto at = [key](std::size_t i) { return static_cast<unsigned char>(key[i]); };
        return key.empty() ? 1 : std::uint64_t{1} << ((at(0) * 7U + at(key.size() - 1) + key.size()) % 64U);
    }

    /// False only when there is no such member.
    bool may_have(std::string_view key) const noexcept;
};

/// Validates a complete text whose root must be an object and fills in the wanted members. On false `error`
/// tells why and no query counts as found.
bool find_members(std::string_view text, std::span<member_query> wanted, scan_error& error);

/// The same, and `all`, which must be fresh, gets every key.
bool find_members(std::string_view text, std::span<member_query> wanted, scan_error& error, key_list& all);

} // namespace cogate::json

#pragma once
/// A parsed JSON text as one flat index: 16 bytes per value or key in a vector that is reused from text to
/// text. Strings and numbers stay in the source text, so raw() is exact and nothing is copied until asked
/// for.
///
/// Lifetimes: the text must outlive the document's use; values, members and views die with the next parse()
/// or with the document, and the document must not move meanwhile.
/// Thread safety: a parsed document may be read from several threads; parse() needs it alone.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/json/syntax.hpp"

namespace cogate::json {

class document;
class member_range;

/// A handle on one value of a document: two words, copied freely. Every accessor is safe on every kind, and
/// on a missing value, so chains need no checks: doc.root()["choices"][0]["message"]["content"].string().
class value {
public:
    class iterator;

    /// A missing value.
    value() = default;

    json::kind kind() const noexcept;
    bool exists() const noexcept { return doc_ != nullptr; }
    explicit operator bool() const noexcept { return exists(); }
    bool is_null() const noexcept { return kind() == json::kind::null; }
    bool is_bool() const noexcept { return kind() == json::kind::boolean; }
    bool is_number() const noexcept { return kind() == json::kind::number; }
    bool is_string() const noexcept { return kind() == json::kind::string; }
    bool is_array() const noexcept { return kind() == json::kind::array; }
    bool is_object() const noexcept { return kind() == json::kind::object; }

    /// The member's value; missing when absent or when this is no object. Of equal keys the last wins.
    /// Linear.
    value operator[](std::string_view key) const noexcept { return find(key); }
    value find(std::string_view key) const noexcept;
    bool contains(std::string_view key) const noexcept { return find(key).exists(); }

    /// The array's element; missing when out of range or when this is no array. Linear in `index`.
    value operator[](std::size_t index) const noexcept;

    /// Elements of an array, members of an object (repeated keys counted each time), else 0.
    std::size_t size() const noexcept;

    /// Elements of an array; nothing for any other kind.
    iterator begin() const noexcept;
    iterator end() const noexcept;

    /// Members of an object in the order of the text; nothing for any other kind.
    member_range members() const noexcept;

    /// The value exactly as written: quotes and brackets included, a number's every digit. Empty when
    /// missing.
    std::string_view raw() const noexcept;

    /// The string decoded to valid UTF-8 (a lone surrogate becomes U+FFFD); empty when this is no string.
    std::string string() const;
    void append_string_to(std::string& out) const;

    /// The string's text in place; nothing when this is no string or when it holds an escape.
    std::optional<std::string_view> string_view_if_plain() const noexcept;

    /// The string's text, in place where possible, else decoded into `scratch`. Empty when this is no string.
    std::string_view view(std::string& scratch) const;

    /// This is a string and stands for exactly `text`.
    bool equals(std::string_view text) const;

    /// Exact to the last digit; 1e3 and 1.0 are integers, 1.5 is nothing, and so is what does not fit.
    std::optional<std::int64_t> as_int64() const noexcept;
    std::optional<std::uint64_t> as_uint64() const noexcept;

    /// The nearest double; nothing when it would be an infinity.
    std::optional<double> as_double() const noexcept;
    std::optional<bool> as_bool() const noexcept;

private:
    friend class document;
    friend class member_range;

    value(const document* doc, std::uint32_t index) noexcept : doc_(doc), index_(index) {}

    const document* doc_ = nullptr;
    std::uint32_t index_ = 0;
};

/// Walks an array's elements.
class value::iterator {
public:
    using value_type = json::value;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    iterator() = default;
    json::value operator*() const noexcept { return {doc_, index_}; }
    iterator& operator++() noexcept;
    iterator operator++(int) noexcept;
    friend bool operator==(const iterator&, const iterator&) = default;

private:
    friend class value;

    iterator(const document* doc, std::uint32_t index) noexcept : doc_(doc), index_(index) {}

    const document* doc_ = nullptr;
    std::uint32_t index_ = 0;
};

/// One member: `auto [key, val]` works. The key is decoded, a lone surrogate in it is U+FFFD.
struct member {
    std::string_view key;
    json::value val;
};

/// Walks an object's members.
class member_range {
public:
    class iterator {
    public:
        using value_type = member;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;

        iterator() = default;
        member operator*() const noexcept;
        iterator& operator++() noexcept;
        iterator operator++(int) noexcept;
        friend bool operator==(const iterator&, const iterator&) = default;

    private:
        friend class member_range;

        iterator(const document* doc, std::uint32_t index) noexcept : doc_(doc), index_(index) {}

        const document* doc_ = nullptr;
        std::uint32_t index_ = 0;
    };

    iterator begin() const noexcept { return {doc_, first_}; }
    iterator end() const noexcept { return {doc_, last_}; }

private:
    friend class value;

    const document* doc_ = nullptr;
    std::uint32_t first_ = 0;
    std::uint32_t last_ = 0;
};

struct parse_options {
    unsigned max_depth = default_max_depth;    // at most `deepest`
    bool refuse_duplicate_top_level = false;   // else the last of equal keys wins, as below the top level
    std::size_t max_values = 8u * 1024 * 1024; // values and keys together: bounds memory to 16 bytes each
};

class document {
public:
    document() = default;
    document(const document&) = delete;
    document& operator=(const document&) = delete;

    /// Parses a complete text under the tokenizer's strict rules. On false the document is empty (root() is
    /// missing) and `error` says why. Texts of 4 GiB and more are refused as too_many_values.
    bool parse(std::string_view text, parse_error& error, const parse_options& options = {});

    /// The root value; missing before the first successful parse.
    value root() const noexcept { return nodes_.empty() ? value() : value(this, 0); }
    value operator[](std::string_view key) const noexcept { return root()[key]; }

private:
    friend class value;
    friend class value::iterator;
    friend class member_range::iterator;
    friend struct tree_builder;

    // Strings: [begin, end) without quotes, of the text or, for a key with escapes, of decoded_keys_.
    // Others: [begin, end) of the text. `next`: the node behind this value's last.
    struct node {
        std::uint32_t begin;
        std::uint32_t end;
        std::uint32_t next;
        std::uint32_t kind_bits : 3;
        std::uint32_t escaped : 1;
        std::uint32_t count : 28; // of children
    };

    static constexpr std::size_t most_values = (1u << 28) - 1; // what `count` can hold

    bool build(std::string_view text, parse_error& error, const parse_options& options);
    bool has_duplicate_at_top(std::size_t& offset) const;
    std::uint32_t repeated_of_few() const noexcept;
    std::size_t place_of_key(std::uint32_t index) const noexcept;
    std::string_view key_at(std::uint32_t index) const noexcept;

    std::string_view text_;
    std::string decoded_keys_;
    std::vector<node> nodes_;
};

} // namespace cogate::json

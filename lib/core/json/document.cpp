#include "lib/core/json/document.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "lib/core/hash.hpp"
#include "lib/core/json/machine.hpp"
#include "lib/core/json/number.hpp"
#include "lib/core/json/string.hpp"
#include "lib/core/json/whole_text.hpp"

namespace cogate::json {

namespace {

// More than this is given back when a small text follows a large one.
constexpr std::size_t nodes_to_keep = 16 * 1024;

// A first guess at what a text needs: usual ones have a key or value in every dozen bytes.
constexpr std::size_t bytes_per_node = 8;
constexpr std::size_t nodes_at_first = 512;

// Up to here comparing each key with each costs less than sorting them.
constexpr std::size_t few_keys = 24;

} // namespace

/// The machine's handler that appends nodes. While a container is open its `next` holds its parent.
struct tree_builder {
    static constexpr bool takes_key_bytes = false;
    static constexpr std::uint32_t no_parent = std::numeric_limits<std::uint32_t>::max();

    document& doc;
    std::size_t max_values;
    std::uint32_t current = no_parent;

    scan_errc add(kind k, std::size_t begin, std::size_t end, bool escaped)
    {
        if (doc.nodes_.size() >= max_values) {
            return scan_errc::too_many_values;
        }
        const auto index = static_cast<std::uint32_t>(doc.nodes_.size());
        doc.nodes_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), index + 1,
                              static_cast<std::uint32_t>(k) & 7u, escaped ? 1u : 0u, 0});
        return scan_errc::none;
    }

    void count_child() noexcept
    {
        if (current != no_parent) {
            ++doc.nodes_[current].count;
        }
    }

    scan_errc key_open(unsigned, std::size_t) noexcept { return scan_errc::none; }

    scan_errc key_close(unsigned, std::size_t begin, std::size_t end, bool escaped)
    {
        if (!escaped) {
            return add(kind::string, begin + 1, end - 1, false);
        }
        const std::size_t decoded_begin = doc.decoded_keys_.size();
        append_unescaped(doc.decoded_keys_, doc.text_.substr(begin + 1, end - begin - 2));
        return add(kind::string, decoded_begin, doc.decoded_keys_.size(), true);
    }

    scan_errc whole_key(unsigned depth, std::size_t begin, std::size_t end, bool escaped)
    {
        return key_close(depth, begin, end, escaped);
    }

    scan_errc open(kind k, unsigned, std::size_t begin)
    {
        count_child();
        const scan_errc code = add(k, begin, begin, false);
        if (code == scan_errc::none) {
            doc.nodes_.back().next =
                std::exchange(current, static_cast<std::uint32_t>(doc.nodes_.size() - 1));
        }
        return code;
    }

    scan_errc close(unsigned, std::size_t end) noexcept
    {
        document::node& container = doc.nodes_[current];
        container.end = static_cast<std::uint32_t>(end);
        current = std::exchange(container.next, static_cast<std::uint32_t>(doc.nodes_.size()));
        return scan_errc::none;
    }

    scan_errc scalar(kind k, unsigned, std::size_t begin, std::size_t end, bool escaped)
    {
        count_child();
        const std::size_t quote = k == kind::string ? 1 : 0;
        return add(k, begin + quote, end - quote, escaped);
    }
};

bool document::parse(std::string_view text, parse_error& error, const parse_options& options)
{
    nodes_.clear();
    decoded_keys_.clear();
    if (nodes_.capacity() > nodes_to_keep && text.size() < nodes_to_keep) {
        nodes_ = {};
        decoded_keys_ = {};
    }
    text_ = text;
    error = {};
    if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
        error = {scan_errc::too_many_values, 0};
        return false;
    }
    nodes_.reserve(std::min(text.size() / bytes_per_node, nodes_at_first));
    if (!build(text, error, options)) {
        // `error` says why
    } else if (options.refuse_duplicate_top_level && has_duplicate_at_top(error.offset)) {
        error.code = scan_errc::duplicate_key;
    }
    if (error) {
        nodes_.clear();
        return false;
    }
    return true;
}

bool document::build(std::string_view text, parse_error& error, const parse_options& options)
{
    const std::size_t most = std::min<std::size_t>(options.max_values, most_values);
    tree_builder builder{*this, most};
    if (whole_text<tree_builder>(text, options.max_depth, builder).run()) {
        return true;
    }
    nodes_.clear();
    decoded_keys_.clear();
    tree_builder again{*this, most};
    machine_state state(options.max_depth);
    machine<tree_builder> tokens(state, again);
    const bool good = tokens.feed(text) && tokens.finish();
    error = state.error;
    return good;
}

bool document::has_duplicate_at_top(std::size_t& offset) const
{
    struct entry {
        std::uint64_t hash;
        std::uint32_t index;
    };
    std::vector<entry> keys;
    if (!root().is_object()) {
        return false;
    }
    if (nodes_.front().count <= few_keys) {
        const std::uint32_t again = repeated_of_few();
        offset = again != 0 ? place_of_key(again) : offset;
        return again != 0;
    }
    for (std::uint32_t index = 1; index < nodes_.size(); index = nodes_[index + 1].next) {
        keys.push_back({core::hash64(key_at(index)), index});
    }
    std::sort(keys.begin(), keys.end(), [this](const entry& a, const entry& b) {
        if (a.hash != b.hash) {
            return a.hash < b.hash;
        }
        const int order = key_at(a.index).compare(key_at(b.index));
        return order != 0 ? order < 0 : a.index < b.index;
    });
    std::uint32_t earliest = tree_builder::no_parent;
    for (std::size_t i = 1; i < keys.size(); ++i) {
        if (keys[i].hash == keys[i - 1].hash && key_at(keys[i].index) == key_at(keys[i - 1].index)) {
            earliest = std::min(earliest, keys[i].index);
        }
    }
    if (earliest == tree_builder::no_parent) {
        return false;
    }
    offset = place_of_key(earliest);
    return true;
}

/// The first key of the root that stood there before, by comparing each with each; 0 when there is none.
std::uint32_t document::repeated_of_few() const noexcept
{
    for (std::uint32_t index = 1; index < nodes_.size(); index = nodes_[index + 1].next) {
        const std::string_view key = key_at(index);
        for (std::uint32_t before = 1; before != index; before = nodes_[before + 1].next) {
            if (key_at(before) == key) {
                return index;
            }
        }
    }
    return 0;
}

/// Where the key's quote is in the text. A decoded key has no place there; the value before it (there is one)
/// says where to look.
std::size_t document::place_of_key(std::uint32_t index) const noexcept
{
    const node& before = nodes_[index - 1];
    const node& key = nodes_[index];
    return key.escaped != 0 ? text_.find('"', text_.find(',', before.end)) : key.begin - 1u;
}

std::string_view document::key_at(std::uint32_t index) const noexcept
{
    const node& key = nodes_[index];
    const std::string_view source = key.escaped != 0 ? std::string_view(decoded_keys_) : text_;
    return source.substr(key.begin, key.end - key.begin);
}

} // namespace cogate::json

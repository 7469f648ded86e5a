#include "lib/core/json/scanner.hpp"

#include <algorithm>
#include <cstring>

#include "lib/core/hash.hpp"
#include "lib/core/json/machine.hpp"

namespace cogate::json {

bool key_set::insert(std::uint64_t hash) noexcept
{
    if (count_ <= few) {
        for (std::size_t i = 0; i < count_; ++i) {
            if (hashes_[i] == hash) {
                return false;
            }
        }
        hashes_[count_++] = hash;
        if (count_ > few) {
            slots_.fill(0);
            for (std::size_t i = 0; i < count_; ++i) {
                index(i);
            }
        }
        return true;
    }
    for (std::size_t slot = hash % slots_.size(); slots_[slot] != 0; slot = (slot + 1) % slots_.size()) {
        if (hashes_[slots_[slot] - 1u] == hash) {
            return false;
        }
    }
    hashes_[count_] = hash;
    index(count_++);
    return true;
}

void key_set::index(std::size_t at) noexcept
{
    std::size_t slot = hashes_[at] % slots_.size();
    while (slots_[slot] != 0) {
        slot = (slot + 1) % slots_.size();
    }
    slots_[slot] = static_cast<std::uint16_t>(at + 1);
}

void key_reader::clear() noexcept
{
    size_ = 0;
    filled_ = 0;
    hash_ = 0;
    high_ = 0;
}

void key_reader::append(const char* data, std::size_t size) noexcept
{
    while (size != 0) {
        if (filled_ == longest_key) {
            const std::array<char, longest_key>& full = size_ == longest_key ? kept_ : block_;
            hash_ = core::hash64({full.data(), full.size()}, hash_);
            filled_ = 0;
        }
        std::array<char, longest_key>& block = size_ < longest_key ? kept_ : block_;
        const std::size_t count = std::min(size, longest_key - filled_);
        std::memcpy(block.data() + filled_, data, count);
        filled_ += count;
        size_ += count;
        data += count;
        size -= count;
    }
}

void key_reader::flush_surrogate() noexcept
{
    if (high_ != 0) {
        // Kept apart from U+FFFD, so that different broken keys stay different.
        char encoded[4];
        append(encoded, core::encode_utf8(high_, encoded));
        high_ = 0;
    }
}

void key_reader::bytes(const char* data, std::size_t size) noexcept
{
    flush_surrogate();
    append(data, size);
}

void key_reader::unit(char16_t unit) noexcept
{
    char encoded[4];
    if (high_ != 0 && unit >= 0xDC00 && unit <= 0xDFFF) {
        const char32_t code = 0x10000 + ((char32_t{high_} - 0xD800) << 10) + (char32_t{unit} - 0xDC00);
        high_ = 0;
        append(encoded, core::encode_utf8(code, encoded));
        return;
    }
    flush_surrogate();
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        high_ = unit;
        return;
    }
    append(encoded, core::encode_utf8(unit, encoded));
}

std::uint64_t key_reader::close() noexcept
{
    flush_surrogate();
    const std::array<char, longest_key>& block = size_ <= longest_key ? kept_ : block_;
    return core::hash64({block.data(), filled_}, hash_);
}

/// The machine's handler: looks at the root and its members, ignores everything deeper.
struct top_level {
    static constexpr bool takes_key_bytes = true;

    scanner& scan;

    scan_errc key_open(unsigned depth, std::size_t begin) noexcept
    {
        if (depth != 1) {
            return scan_errc::none;
        }
        if (scan.keys_.size() == most_members) {
            return scan_errc::too_many_members;
        }
        scan.key_.clear();
        scan.member_.member_begin = begin;
        return scan_errc::none;
    }

    void key_bytes(const char* data, std::size_t size) noexcept { scan.key_.bytes(data, size); }
    void key_unit(char16_t unit) noexcept { scan.key_.unit(unit); }

    scan_errc key_close(unsigned depth, std::size_t, std::size_t, bool) noexcept
    {
        if (depth != 1) {
            return scan_errc::none;
        }
        const std::uint64_t hash = scan.key_.close();
        scan.member_.key = scan.key_.text();
        scan.member_.key_size = scan.key_.size();
        return scan.keys_.insert(hash) ? scan_errc::none : scan_errc::duplicate_key;
    }

    scan_errc open(kind k, unsigned depth, std::size_t begin) noexcept
    {
        if (depth == 0) {
            scan.root_ = k;
            return k != kind::object && scan.options_.require_object ? scan_errc::not_an_object : scan_errc::none;
        }
        if (depth == 1 && scan.root_ == kind::object) {
            scan.member_.kind = k;
            scan.member_.value_begin = begin;
            scan.open_ = true;
        }
        return scan_errc::none;
    }

    scan_errc close(unsigned depth, std::size_t end)
    {
        if (depth == 1 && scan.root_ == kind::object) {
            tell(end);
        }
        return scan_errc::none;
    }

    scan_errc scalar(kind k, unsigned depth, std::size_t begin, std::size_t end, bool)
    {
        if (depth == 0) {
            scan.root_ = k;
            return scan.options_.require_object ? scan_errc::not_an_object : scan_errc::none;
        }
        if (depth == 1 && scan.root_ == kind::object) {
            scan.member_.kind = k;
            scan.member_.value_begin = begin;
            tell(end);
        }
        return scan_errc::none;
    }

    void tell(std::size_t end)
    {
        scan.open_ = false;
        scan.member_.value_end = end;
        scan.member_.member_end = end;
        if (scan.sink_ != nullptr) {
            scan.sink_->on_member(scan.member_);
        }
    }
};

scanner::scanner(member_sink* sink, scan_options options) noexcept
    : options_(options)
    , sink_(sink)
    , state_(options.max_depth)
{
}

bool scanner::feed(std::string_view bytes)
{
    top_level handler{*this};
    return machine<top_level>(state_, handler).feed(bytes);
}

bool scanner::finish()
{
    top_level handler{*this};
    return machine<top_level>(state_, handler).finish();
}

const member_span* scanner::open_member() noexcept
{
    if (state_.error || root_ != kind::object) {
        return nullptr;
    }
    if (open_) {
        return &member_;
    }
    const bool in_string = state_.at >= state::string && state_.at <= state::utf8_tail;
    const bool in_scalar = state_.at >= state::literal || (in_string && !state_.in_key);
    if (state_.depth != 1 || !in_scalar) {
        return nullptr;
    }
    member_.value_begin = state_.token;
    return &member_;
}

void scanner::reset() noexcept
{
    state_ = machine_state(options_.max_depth);
    root_ = kind::missing;
    open_ = false;
    member_ = {};
    key_.clear();
    keys_.clear();
}

namespace {

class query_sink final : public member_sink {
public:
    explicit query_sink(std::span<member_query> wanted) noexcept
        : wanted_(wanted)
    {
    }

    void on_member(const member_span& member) override
    {
        for (member_query& query : wanted_) {
            if (member.is(query.key)) {
                query.kind = member.kind;
                query.value_begin = member.value_begin;
                query.value_end = member.value_end;
                query.member_begin = member.member_begin;
                query.member_end = member.member_end;
                query.found = true;
            }
        }
    }

private:
    std::span<member_query> wanted_;
};

} // namespace

bool find_members(std::string_view text, std::span<member_query> wanted, scan_error& error)
{
    for (member_query& query : wanted) {
        query = member_query{.key = query.key};
    }
    query_sink sink(wanted);
    scanner scan(&sink, {.require_object = true});
    const bool good = scan.feed(text) && scan.finish();
    error = scan.error();
    if (!good) {
        for (member_query& query : wanted) {
            query.found = false;
        }
    }
    return good;
}

} // namespace cogate::json

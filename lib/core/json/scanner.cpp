#include "lib/core/json/scanner.hpp"

#include <algorithm>

#include "lib/core/hash.hpp"
#include "lib/core/json/machine.hpp"
#include "lib/core/json/whole_text.hpp"

namespace cogate::json {

/// The machine's handler: looks at the root and its members, ignores everything deeper.
struct top_level {
    static constexpr bool takes_key_bytes = true;

    scanner& scan;
    std::string_view whole; // for whole_key only

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

    /// Only what needs no decoding; the rest is left to the machine. Without escapes the key is its own text.
    scan_errc whole_key(unsigned depth, std::size_t begin, std::size_t end, bool escaped) noexcept
    {
        if (depth != 1) {
            return scan_errc::none;
        }
        const std::string_view key = whole.substr(begin + 1, end - begin - 2);
        if (escaped || key.size() > longest_key) {
            return scan_errc::duplicate_key;
        }
        scan.member_.key = key;
        scan.member_.key_size = key.size();
        return scan.keys_.insert(core::hash64(key)) ? scan_errc::none : scan_errc::duplicate_key;
    }

    scan_errc open(kind k, unsigned depth, std::size_t begin) noexcept
    {
        if (depth == 0) {
            scan.root_ = k;
            return k != kind::object && scan.options_.require_object ? scan_errc::not_an_object
                                                                     : scan_errc::none;
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
    : options_(options), sink_(sink), state_(options.max_depth)
{}

bool scanner::feed(std::string_view bytes)
{
    top_level handler{*this, {}};
    return machine<top_level>(state_, handler).feed(bytes);
}

bool scanner::finish()
{
    top_level handler{*this, {}};
    return machine<top_level>(state_, handler).finish();
}

bool scanner::take_whole(std::string_view text)
{
    top_level handler{*this, text};
    if (whole_text<top_level>(text, options_.max_depth, handler).run()) {
        state_.at = state::done;
        state_.base = text.size();
        return true;
    }
    reset();
    return feed(text) && finish();
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
    query_sink(std::string_view text, std::span<member_query> wanted, key_list* all) noexcept
        : text_(text), wanted_(wanted), all_(all)
    {}

    void on_member(const member_span& member) override
    {
        if (all_ != nullptr) {
            list(member);
        }
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
    void list(const member_span& member) noexcept
    {
        // As it stands in the text, which outlives the scan.
        const std::string_view key = text_.substr(member.member_begin + 1, member.key_size);
        if (key != member.key || all_->count == all_->keys.size()) {
            all_->complete = false;
        } else {
            all_->keys[all_->count++] = key;
            all_->signs |= key_list::sign_of(key);
        }
    }

    std::string_view text_;
    std::span<member_query> wanted_;
    key_list* all_;
};

bool find(std::string_view text, std::span<member_query> wanted, scan_error& error, key_list* all)
{
    for (member_query& query : wanted) {
        query = member_query{.key = query.key};
    }
    query_sink sink(text, wanted, all);
    scanner scan(&sink, {.require_object = true});
    const bool good = scan.take_whole(text);
    error = scan.error();
    if (!good) {
        for (member_query& query : wanted) {
            query.found = false;
        }
    }
    return good;
}

} // namespace

bool key_list::may_have(std::string_view key) const noexcept
{
    if (complete && (signs & sign_of(key)) == 0) {
        return false;
    }
    const auto last = keys.begin() + static_cast<std::ptrdiff_t>(count);
    return !complete || std::find(keys.begin(), last, key) != last;
}

bool find_members(std::string_view text, std::span<member_query> wanted, scan_error& error)
{
    return find(text, wanted, error, nullptr);
}

bool find_members(std::string_view text, std::span<member_query> wanted, scan_error& error, key_list& all)
{
    return find(text, wanted, error, &all);
}

} // namespace cogate::json

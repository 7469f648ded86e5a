#include "lib/core/json/capture.hpp"

#include <algorithm>

namespace cogate::json {

member_capture::member_capture(scan_options options) : scan_(this, options) {}

void member_capture::watch(std::string_view key, std::size_t cap)
{
    captured_member entry;
    entry.key = key;
    entry.cap = cap;
    watched_.push_back(std::move(entry));
}

bool member_capture::feed(std::string_view bytes)
{
    piece_ = bytes;
    const bool good = scan_.feed(bytes);
    if (const member_span* const open = scan_.open_member()) {
        keep(*open, piece_begin_ + bytes.size());
    }
    piece_begin_ += bytes.size();
    piece_ = {};
    return good;
}

void member_capture::reset()
{
    scan_.reset();
    piece_begin_ = 0;
    for (captured_member& entry : watched_) {
        entry.kind = kind::missing;
        entry.value_begin = 0;
        entry.value_end = 0;
        entry.complete = false;
        entry.too_long = false;
        entry.bytes.clear();
    }
}

const captured_member* member_capture::find(std::string_view key) const noexcept
{
    const auto at = std::find_if(watched_.begin(), watched_.end(),
                                 [key](const captured_member& m) { return m.key == key; });
    return at == watched_.end() ? nullptr : &*at;
}

std::string_view member_capture::value(std::string_view key) const noexcept
{
    const captured_member* const entry = find(key);
    return entry != nullptr && entry->complete ? std::string_view(entry->bytes) : std::string_view{};
}

void member_capture::on_member(const member_span& member)
{
    keep(member, member.value_end);
    if (captured_member* const entry = watched(member)) {
        entry->kind = member.kind;
        entry->value_end = member.value_end;
        entry->complete = true;
    }
}

void member_capture::keep(const member_span& member, std::size_t end)
{
    captured_member* const entry = watched(member);
    if (entry == nullptr) {
        return;
    }
    entry->value_begin = member.value_begin;
    if (end - member.value_begin > entry->cap) {
        entry->too_long = true;
        entry->bytes = {};
        return;
    }
    const std::size_t from = std::max(member.value_begin, piece_begin_);
    // A number is told one piece late: its bytes were kept then, and none of them is in this piece.
    if (from < end) {
        entry->bytes.append(piece_.substr(from - piece_begin_, end - from));
    }
}

captured_member* member_capture::watched(const member_span& member) noexcept
{
    const auto at = std::find_if(watched_.begin(), watched_.end(),
                                 [&member](const captured_member& entry) { return member.is(entry.key); });
    return at == watched_.end() ? nullptr : &*at;
}

} // namespace cogate::json

#include "lib/wire/multipart_rewriter.hpp"

#include "lib/wire/header.hpp"
#include "lib/wire/multipart_writer.hpp"

namespace cogate::wire {

using kind = multipart_reader::kind;

multipart_rewriter::multipart_rewriter(std::string_view boundary, options const& chosen)
    : reader_(boundary), options_(chosen)
{}

std::string_view multipart_rewriter::name_of(std::size_t field) const noexcept
{
    return field == 0 ? options_.field : options_.wanted[field - 1];
}

std::optional<std::string_view> multipart_rewriter::wanted(std::string_view name) const noexcept
{
    for (std::size_t i = 0; i != values_.size(); ++i) {
        if (name_of(i) == name && seen_[i] && current_ != i) {
            return values_[i];
        }
    }
    return std::nullopt;
}

bool multipart_rewriter::fail(multipart_errc why, std::string_view field) noexcept
{
    error_ = why;
    error_field_ = field;
    return false;
}

bool multipart_rewriter::end_part()
{
    if (current_ != nobody && !valid_field_value(values_[current_])) {
        return fail(multipart_errc::bad_value, name_of(current_));
    }
    found_ = found_ || current_ == 0;
    current_ = nobody;
    return true;
}

bool multipart_rewriter::on_head(multipart_reader::event const& event, bool& pass)
{
    for (std::size_t i = 0; i != values_.size(); ++i) {
        if (name_of(i).empty() || reader_.part().name != name_of(i)) {
            continue;
        }
        if (seen_[i]) {
            return fail(multipart_errc::repeated_field, name_of(i));
        }
        if (reader_.part().is_file) {
            return fail(multipart_errc::file_for_field, name_of(i));
        }
        seen_[i] = true;
        current_ = i;
        if (i == 0) {
            // The whole head goes, since it may state the length of the old value.
            pass = false;
            hole_ = held_.size();
            cut_ = event.bytes.size();
        }
    }
    return true;
}

/// Looks at one event; `pass` tells whether its bytes go on.
bool multipart_rewriter::on_event(multipart_reader::event const& event, bool& pass)
{
    switch (event.what) {
    case kind::delimiter:
    case kind::end: return end_part();
    case kind::head: return on_head(event, pass);
    case kind::content:
        if (current_ == nobody) {
            break;
        }
        if (values_[current_].size() + event.bytes.size() > options_.max_value) {
            return fail(multipart_errc::field_too_large, name_of(current_));
        }
        values_[current_] += event.bytes;
        if (current_ == 0) {
            pass = false;
            cut_ += event.bytes.size();
        }
        break;
    case kind::failed: return fail(reader_.error());
    case kind::more: pass = false; break;
    }
    return true;
}

bool multipart_rewriter::feed(std::string_view bytes)
{
    if (error_ != multipart_errc::none) {
        return false;
    }
    reader_.feed(bytes);
    if (replaced_) {
        return true;
    }
    for (;;) {
        const multipart_reader::event event = reader_.next();
        bool pass = true;
        if (!on_event(event, pass)) {
            return false;
        }
        if (event.what == kind::more) {
            return true;
        }
        if (pass) {
            if (held_.size() + event.bytes.size() > options_.max_held) {
                return fail(multipart_errc::too_much_before, options_.field);
            }
            held_ += event.bytes;
        }
    }
}

bool multipart_rewriter::finish()
{
    if (error_ != multipart_errc::none) {
        return false;
    }
    if (!reader_.finish()) {
        return fail(reader_.error());
    }
    return found_ || fail(multipart_errc::missing_field, options_.field);
}

bool multipart_rewriter::replace(std::string_view value)
{
    // Whatever the boundary is, such a value is no line that begins like a delimiter.
    if (!valid_field_value(value) || value.starts_with("--")) {
        return fail(multipart_errc::bad_value, options_.field);
    }
    replaced_ = true;
    append_field_head(inserted_, options_.field);
    inserted_ += value;
    growth_ = static_cast<std::ptrdiff_t>(inserted_.size()) - static_cast<std::ptrdiff_t>(cut_);
    return true;
}

std::string_view multipart_rewriter::next()
{
    if (!replaced_ || error_ != multipart_errc::none) {
        return {};
    }
    const std::string_view held = held_;
    while (told_ != 3) {
        const std::size_t which = told_++;
        const std::string_view piece = which == 0   ? held.substr(0, hole_)
                                       : which == 1 ? std::string_view(inserted_)
                                                    : held.substr(hole_);
        if (!piece.empty()) {
            return piece;
        }
    }
    held_ = {};
    hole_ = 0;
    for (;;) {
        const multipart_reader::event event = reader_.next();
        bool pass = true;
        if (!on_event(event, pass) || event.what == kind::more) {
            return {};
        }
        if (!event.bytes.empty()) {
            return event.bytes;
        }
    }
}

} // namespace cogate::wire

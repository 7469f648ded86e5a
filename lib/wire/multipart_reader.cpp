#include "lib/wire/multipart_reader.hpp"

#include <algorithm>

namespace cogate::wire {

namespace {

constexpr std::size_t max_padding = 64; // blanks between a delimiter and its line end
constexpr std::size_t max_after_end = 64;

enum class line_rest : std::uint8_t { open, line, last, bad };

// What follows the boundary: blanks and a line end, or "--".
line_rest judge(std::string_view rest) noexcept
{
    if (rest.starts_with('-')) {
        return rest == "-" ? line_rest::open : rest == "--" ? line_rest::last : line_rest::bad;
    }
    const std::size_t blanks = std::min(rest.find_first_not_of(" \t"), rest.size());
    rest.remove_prefix(blanks);
    if (rest == "\r\n") {
        return line_rest::line;
    }
    return (rest.empty() && blanks <= max_padding) || rest == "\r" ? line_rest::open : line_rest::bad;
}

} // namespace

std::string_view to_string(multipart_errc error) noexcept
{
    switch (error) {
    case multipart_errc::none: return "no error";
    case multipart_errc::bad_start: return "the multipart body does not begin with its delimiter";
    case multipart_errc::bad_delimiter:
        return "a line of the multipart body begins like a delimiter and is none";
    case multipart_errc::bad_head: return "a part of the multipart body has malformed header fields";
    case multipart_errc::head_too_large: return "a part of the multipart body has too large header fields";
    case multipart_errc::too_many_parts: return "the multipart body has too many parts";
    case multipart_errc::after_end: return "something stands after the last delimiter of the multipart body";
    case multipart_errc::truncated: return "the multipart body ends before its last delimiter";
    case multipart_errc::field_too_large: return "a form field is too large";
    case multipart_errc::repeated_field: return "a form field comes twice";
    case multipart_errc::file_for_field: return "a form field was sent as a file";
    case multipart_errc::bad_value: return "a form field holds what it may not";
    case multipart_errc::missing_field: return "a form field is missing";
    case multipart_errc::too_much_before:
        return "too much data stands before a form field that must be known first; send it before the file";
    }
    return "unknown";
}

multipart_reader::multipart_reader(std::string_view boundary) : delimiter_("\r\n--")
{
    delimiter_ += boundary;
}

multipart_reader::event multipart_reader::next()
{
    if (told_) {
        held_.clear();
        told_ = false;
    }
    if (state_ != state::failed && input_.empty()) {
        return {};
    }
    switch (state_) {
    case state::start: return on_start();
    case state::content: return on_content();
    case state::delimiter: return on_delimiter();
    case state::head: return on_head();
    case state::end: return on_end();
    case state::failed: break;
    }
    return {kind::failed, {}};
}

bool multipart_reader::finish()
{
    if (state_ == state::end) {
        return true;
    }
    if (state_ != state::failed) {
        fail(multipart_errc::truncated);
    }
    return false;
}

multipart_reader::event multipart_reader::fail(multipart_errc why) noexcept
{
    error_ = why;
    state_ = state::failed;
    return {kind::failed, {}};
}

multipart_reader::event multipart_reader::matched_delimiter()
{
    state_ = state::delimiter;
    held_.assign(delimiter_, skipped_, std::string::npos);
    rest_at_ = held_.size();
    skipped_ = 0;
    matched_ = 0;
    return on_delimiter();
}

multipart_reader::event multipart_reader::on_start()
{
    if (matched_ == 2 && skipped_ == 2 && input_.front() == '\r') {
        matched_ = 0;
        skipped_ = 0;
    }
    const std::size_t most = std::min(input_.size(), delimiter_.size() - matched_);
    if (input_.substr(0, most) != std::string_view(delimiter_).substr(matched_, most)) {
        return fail(multipart_errc::bad_start);
    }
    input_.remove_prefix(most);
    matched_ += most;
    return matched_ == delimiter_.size() ? matched_delimiter() : event{};
}

/// Where a line of `text` begins that is a delimiter, or may become one with more bytes: its line break.
std::size_t multipart_reader::find_candidate(std::string_view text) const noexcept
{
    const std::string_view delimiter = delimiter_;
    const auto fits = [&](std::size_t at, std::string_view wanted) {
        const std::size_t most = std::min(text.size() - at, wanted.size());
        return text.substr(at, most) == wanted.substr(0, most);
    };
    std::size_t cr = text.find('\r');
    std::size_t lf = text.find('\n');
    while (cr != lf) { // until both are npos
        const std::size_t at = std::min(cr, lf);
        if (fits(at, delimiter) || fits(at + 1, delimiter.substr(2))) {
            return at;
        }
        std::size_t& used = at == cr ? cr : lf;
        used = text.find(at == cr ? '\r' : '\n', at + 1);
    }
    return std::string_view::npos;
}

multipart_reader::event multipart_reader::on_content()
{
    const std::string_view delimiter = delimiter_;
    if (matched_ == 0) {
        const std::string_view content = input_.substr(0, find_candidate(input_));
        input_.remove_prefix(content.size());
        if (!content.empty()) {
            return {kind::content, content};
        }
        skipped_ = input_.front() == '\r' ? 0 : 1;
        matched_ = input_.front() == '\r' ? 1 : 2;
        input_.remove_prefix(1);
    }
    const std::size_t most = std::min(input_.size(), delimiter.size() - matched_);
    if (input_.substr(0, most) == delimiter.substr(matched_, most)) {
        input_.remove_prefix(most);
        matched_ += most;
        if (matched_ != delimiter.size()) {
            return {};
        }
        // Behind another line break than CRLF some readers see a delimiter, and some do not.
        return skipped_ == 0 ? matched_delimiter() : fail(multipart_errc::bad_delimiter);
    }
    // What was held back is content after all; its text is that of the delimiter.
    const std::string_view held = delimiter.substr(skipped_, matched_ - skipped_);
    const bool lone_cr = matched_ == 1;
    matched_ = lone_cr ? 2 : 0;
    skipped_ = lone_cr ? 2 : 0;
    return held.empty() ? on_content() : event{kind::content, held};
}

multipart_reader::event multipart_reader::on_delimiter()
{
    while (!input_.empty()) {
        held_ += input_.front();
        input_.remove_prefix(1);
        const line_rest rest = judge(std::string_view(held_).substr(rest_at_));
        if (rest == line_rest::bad) {
            return fail(multipart_errc::bad_delimiter);
        }
        if (rest != line_rest::open) {
            if (rest == line_rest::line && ++parts_ > max_parts) {
                return fail(multipart_errc::too_many_parts);
            }
            state_ = rest == line_rest::line ? state::head : state::end;
            told_ = true;
            return {rest == line_rest::line ? kind::delimiter : kind::end, held_};
        }
    }
    return {};
}

multipart_reader::event multipart_reader::on_head()
{
    while (!input_.empty()) {
        const std::size_t line_end = input_.find('\n');
        const std::string_view line =
            input_.substr(0, line_end == std::string_view::npos ? line_end : line_end + 1);
        if (held_.size() + line.size() > max_head) {
            return fail(multipart_errc::head_too_large);
        }
        held_ += line;
        input_.remove_prefix(line.size());
        if (held_.ends_with("\r\n\r\n")) {
            part_ = {};
            if (!parse_part_head(std::string_view(held_).substr(0, held_.size() - 4), part_)) {
                return fail(multipart_errc::bad_head);
            }
            state_ = state::content;
            matched_ = 2; // the head's end is a line's end, too
            skipped_ = 2;
            told_ = true;
            return {kind::head, held_};
        }
        if (held_ == "\r\n") {
            return fail(multipart_errc::bad_head);
        }
    }
    return {};
}

multipart_reader::event multipart_reader::on_end()
{
    after_end_ += input_.size();
    if (after_end_ > max_after_end || input_.find_first_not_of("\r\n") != std::string_view::npos) {
        return fail(multipart_errc::after_end);
    }
    const std::string_view rest = input_;
    input_ = {};
    return {kind::end, rest};
}

} // namespace cogate::wire

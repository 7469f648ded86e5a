#include "transports/load_generator/response_reader.hpp"

#include "lib/core/text.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace cogate::transports::load {

namespace {

constexpr std::size_t longest_head = 64 * 1024;
constexpr std::size_t longest_chunk_line = 256;
/// As much of a body line as is looked at.
constexpr std::size_t kept_text = 24;

} // namespace

void response_reader::begin() noexcept
{
    state_ = state::head;
    line_.clear();
    text_.clear();
    left_ = 0;
    body_bytes_ = 0;
    events_ = 0;
    code_ = 0;
    started_ = false;
    keep_alive_ = true;
    stream_ = false;
    data_seen_ = false;
    stop_type_ = false;
    done_ = false;
    error_event_ = false;
    last_byte_ = 0;
}

response_reader::status response_reader::feed(std::string_view bytes)
{
    started_ = started_ || !bytes.empty();
    while (!bytes.empty() && state_ != state::broken) {
        switch (state_) {
        case state::head:
            if (!read_head(bytes)) {
                state_ = state::broken;
            }
            break;
        case state::counted:
        case state::chunk_data: {
            const std::size_t take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
            body(bytes.substr(0, take));
            bytes.remove_prefix(take);
            left_ -= take;
            if (left_ == 0) {
                state_ = state_ == state::counted ? state::done : state::chunk_end;
            }
            break;
        }
        case state::chunk_size:
        case state::chunk_end:
        case state::trailer:
            if (read_line(bytes) && !chunk_line()) {
                state_ = state::broken;
            }
            break;
        case state::until_close:
            body(bytes);
            bytes = {};
            break;
        case state::done:
        case state::broken: state_ = state::broken; break;
        }
    }
    if (state_ == state::broken) {
        return status::bad;
    }
    return state_ == state::done ? status::complete : status::need_more;
}

response_reader::status response_reader::end_of_input() noexcept
{
    if (state_ == state::until_close) {
        state_ = state::done;
        return status::complete;
    }
    return status::bad;
}

bool response_reader::read_head(std::string_view& bytes)
{
    const std::size_t before = line_.size();
    if (before == 0) {
        const std::size_t end = bytes.find("\r\n\r\n");
        if (end != std::string_view::npos) {
            const std::string_view head = bytes.substr(0, end + 2);
            bytes.remove_prefix(end + 4);
            return parse_head(head);
        }
    }
    line_.append(bytes);
    const std::size_t end = line_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
    if (end == std::string::npos) {
        bytes = {};
        return line_.size() <= longest_head;
    }
    bytes.remove_prefix(end + 4 - before);
    line_.resize(end + 2);
    const bool good = parse_head(line_);
    line_.clear();
    return good;
}

bool response_reader::parse_head(std::string_view head)
{
    const std::string_view first = head.substr(0, head.find("\r\n"));
    if (first.size() < 12 || !first.starts_with("HTTP/1.") || first[8] != ' ') {
        return false;
    }
    const auto code = core::parse_int<int>(first.substr(9, 3));
    if (!code || *code < 100) {
        return false;
    }
    code_ = *code;
    keep_alive_ = first[7] == '1';
    state_ = state::until_close;
    head.remove_prefix(first.size() + 2);
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        if (!read_field(line)) {
            return false;
        }
        head.remove_prefix(line.size() + 2);
    }
    if (code_ < 200) {
        begin();
        started_ = true;
    } else if (code_ == 204 || code_ == 304) {
        state_ = state::done;
    } else if (state_ == state::until_close) {
        keep_alive_ = false;
    }
    return true;
}

bool response_reader::read_field(std::string_view line)
{
    // Most fields are told apart by their length, which spares a comparison of each with each.
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return false;
    }
    const std::string_view name = line.substr(0, colon);
    if (colon == 14 && core::iequals(name, "content-length")) {
        const auto length = core::parse_int<std::uint64_t>(core::trim(line.substr(15)));
        left_ = length.value_or(0);
        state_ = left_ == 0 ? state::done : state::counted;
        return length.has_value();
    }
    if (colon == 17 && core::iequals(name, "transfer-encoding")) {
        state_ = state::chunk_size;
        return core::iequals(core::trim(line.substr(18)), "chunked");
    }
    if (colon == 10 && core::iequals(name, "connection")) {
        keep_alive_ = keep_alive_ && !core::iequals(core::trim(line.substr(11)), "close");
    } else if (colon == 12 && core::iequals(name, "content-type")) {
        stream_ = core::ilower(core::trim(line.substr(13))).starts_with("text/event-stream");
    }
    return true;
}

/// Collects a line of the chunked coding into `line_`; true once it is whole.
bool response_reader::read_line(std::string_view& bytes)
{
    const std::size_t end = bytes.find('\n');
    const std::size_t take = end == std::string_view::npos ? bytes.size() : end + 1;
    if (line_.size() + take > longest_chunk_line) {
        state_ = state::broken;
        return false;
    }
    line_.append(bytes.substr(0, take));
    bytes.remove_prefix(take);
    return end != std::string_view::npos;
}

bool response_reader::chunk_line()
{
    if (!line_.ends_with("\r\n")) {
        return false;
    }
    const std::string_view line = std::string_view(line_).substr(0, line_.size() - 2);
    bool good = true;
    if (state_ == state::chunk_size) {
        const auto read = std::from_chars(line.data(), line.data() + line.size(), left_, 16);
        good = read.ec == std::errc{} && (read.ptr == line.data() + line.size() || *read.ptr == ';');
        state_ = left_ == 0 ? state::trailer : state::chunk_data;
    } else if (state_ == state::chunk_end) {
        good = line.empty();
        state_ = state::chunk_size;
    } else if (line.empty()) {
        state_ = state::done;
    }
    line_.clear();
    return good;
}

void response_reader::body(std::string_view piece)
{
    body_bytes_ += piece.size();
    if (stream_) {
        lines(piece);
        return;
    }
    const std::size_t last = piece.find_last_not_of(" \r\n\t");
    if (last != std::string_view::npos) {
        last_byte_ = piece[last];
    }
}

void response_reader::lines(std::string_view piece)
{
    while (!piece.empty()) {
        const std::size_t end = piece.find('\n');
        const std::string_view line = piece.substr(0, end);
        if (text_.size() < kept_text) {
            text_.append(line.substr(0, kept_text - text_.size()));
        }
        if (end == std::string_view::npos) {
            return;
        }
        end_line();
        piece.remove_prefix(end + 1);
    }
}

void response_reader::end_line()
{
    std::string_view line = text_;
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    if (line.empty()) {
        events_ += data_seen_ ? 1 : 0;
        done_ = done_ || (mark_ == end_mark::message_stop && data_seen_ && stop_type_);
        data_seen_ = false;
        stop_type_ = false;
    } else if (line.starts_with("data:")) {
        data_seen_ = true;
        line = core::trim(line.substr(5));
        done_ = done_ || (mark_ == end_mark::done && line == "[DONE]");
        error_event_ = error_event_ || line.starts_with("{\"error\"");
    } else if (line.starts_with("event:")) {
        line = core::trim(line.substr(6));
        stop_type_ = line == "message_stop";
        error_event_ = error_event_ || line == "error";
    }
    text_.clear();
}

} // namespace cogate::transports::load

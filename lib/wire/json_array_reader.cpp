#include "lib/wire/json_array_reader.hpp"

namespace cogate::wire {

namespace {

constexpr std::size_t most_kept = std::size_t{64} << 10;

bool is_space(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

} // namespace

/// Takes one byte between elements; false when it begins one.
bool json_array_reader::step(char c)
{
    if (is_space(c)) {
        return true;
    }
    switch (where_) {
    case place::before:
        if (c == '[') {
            where_ = place::first;
            return true;
        }
        lone_ = c == '{';
        where_ = lone_ ? place::element : place::failed;
        return !lone_;
    case place::first:
        if (c == ']') {
            where_ = place::behind;
            return true;
        }
        [[fallthrough]];
    case place::element:
        if (c == ',' || c == ']' || c == '}') {
            where_ = place::failed;
            return true;
        }
        return false;
    case place::comma:
        where_ = c == ',' ? place::element : c == ']' ? place::behind : place::failed;
        return true;
    default: where_ = place::failed; return true;
    }
}

/// How many bytes belong to the open element; its end sets `where_`.
std::size_t json_array_reader::scan(std::string_view input)
{
    for (std::size_t i = 0; i != input.size(); ++i) {
        const char c = input[i];
        if (quoted_) {
            if (escaped_) {
                escaped_ = false;
            } else if (c == '\\') {
                escaped_ = true;
            } else if (c == '"') {
                quoted_ = false;
                if (depth_ == 0) {
                    where_ = place::comma;
                    return i + 1;
                }
            }
            continue;
        }
        if (depth_ == 0 && scalar_ && (c == ',' || c == ']' || is_space(c))) {
            where_ = place::comma;
            return i;
        }
        switch (c) {
        case '"': quoted_ = true; break;
        case '{':
        case '[': ++depth_; break;
        case '}':
        case ']':
            if (depth_ == 0 || --depth_ == 0) {
                where_ = lone_ ? place::behind : place::comma;
                return i + 1;
            }
            break;
        default: break;
        }
    }
    return input.size();
}

array_status json_array_reader::next(std::string_view& input, std::string_view& element)
{
    if (given_) {
        // What one large element needed is not kept for the rest of the stream.
        if (held_.capacity() > most_kept) {
            held_ = {};
        }
        held_.clear();
        given_ = false;
    }
    while (where_ != place::within) {
        if (where_ == place::failed) {
            return array_status::malformed;
        }
        if (input.empty()) {
            return array_status::need_more;
        }
        if (step(input.front())) {
            input.remove_prefix(1);
            continue;
        }
        where_ = place::within;
        depth_ = 0;
        const char c = input.front();
        scalar_ = c != '{' && c != '[' && c != '"';
    }
    const std::size_t size = scan(input);
    const std::string_view piece = input.substr(0, size);
    if (held_.size() + size > cap_) {
        where_ = place::failed;
        held_.clear();
        return array_status::too_large;
    }
    input.remove_prefix(size);
    if (where_ == place::within) {
        held_ += piece;
        return array_status::need_more;
    }
    if (held_.empty()) {
        element = piece;
    } else {
        held_ += piece;
        element = held_;
        given_ = true;
    }
    return array_status::element;
}

} // namespace cogate::wire

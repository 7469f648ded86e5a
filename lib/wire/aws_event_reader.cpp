#include "lib/wire/aws_event_reader.hpp"

#include "lib/wire/crc32.hpp"

#include <algorithm>

namespace cogate::wire {

namespace {

constexpr std::size_t prelude_size = 12;
constexpr std::size_t smallest_frame = 16;
constexpr std::size_t keep_capacity = 64 * 1024;

std::uint64_t big_endian(std::string_view bytes) noexcept
{
    std::uint64_t out = 0;
    for (const char c : bytes) {
        out = (out << 8) | static_cast<unsigned char>(c);
    }
    return out;
}

std::uint32_t u32(std::string_view bytes, std::size_t at) noexcept
{
    return static_cast<std::uint32_t>(big_endian(bytes.substr(at, 4)));
}

/// Takes `n` bytes off the front; false when there are fewer.
bool take(std::string_view& from, std::size_t n, std::string_view& out) noexcept
{
    if (from.size() < n) {
        return false;
    }
    out = from.substr(0, n);
    from.remove_prefix(n);
    return true;
}

std::int64_t signed_number(std::string_view bytes) noexcept
{
    const unsigned unused = 64 - 8 * static_cast<unsigned>(bytes.size());
    return static_cast<std::int64_t>(big_endian(bytes) << unused) >> unused;
}

bool read_value(std::string_view& from, aws_header& out) noexcept
{
    std::string_view bytes;
    std::size_t width = 0;
    switch (out.type) {
    case aws_header_type::yes: out.number = 1; return true;
    case aws_header_type::no: return true;
    case aws_header_type::int8: width = 1; break;
    case aws_header_type::int16: width = 2; break;
    case aws_header_type::int32: width = 4; break;
    case aws_header_type::int64:
    case aws_header_type::timestamp: width = 8; break;
    case aws_header_type::bytes:
    case aws_header_type::string:
        return take(from, 2, bytes) && take(from, static_cast<std::size_t>(big_endian(bytes)), out.text);
    case aws_header_type::uuid: return take(from, 16, out.text);
    }
    if (!take(from, width, bytes)) {
        return false;
    }
    out.number = signed_number(bytes);
    return true;
}

} // namespace

aws_status aws_event_reader::check_prelude(std::string_view bytes, std::size_t& total) noexcept
{
    if (crc32(bytes.substr(0, 8)) != u32(bytes, 8)) {
        return aws_status::bad_checksum;
    }
    total = u32(bytes, 0);
    const std::size_t headers = u32(bytes, 4);
    if (total < smallest_frame || headers > total - smallest_frame) {
        return aws_status::malformed;
    }
    return total > cap_ ? aws_status::too_large : aws_status::frame;
}

bool aws_event_reader::read_headers(std::string_view bytes)
{
    headers_.clear();
    while (!bytes.empty()) {
        aws_header header;
        std::string_view piece;
        if (!take(bytes, 1, piece) ||
            !take(bytes, static_cast<std::size_t>(big_endian(piece)), header.name) || header.name.empty() ||
            !take(bytes, 1, piece) || big_endian(piece) > 9) {
            return false;
        }
        header.type = static_cast<aws_header_type>(big_endian(piece));
        if (!read_value(bytes, header)) {
            return false;
        }
        headers_.push_back(header);
    }
    return true;
}

aws_status aws_event_reader::read(std::string_view frame, aws_frame& out)
{
    const std::string_view covered = frame.substr(0, frame.size() - 4);
    if (crc32(covered) != u32(frame, covered.size())) {
        return aws_status::bad_checksum;
    }
    const std::size_t headers = u32(frame, 4);
    if (!read_headers(covered.substr(prelude_size, headers))) {
        return aws_status::malformed;
    }
    out.headers = headers_;
    out.payload = covered.substr(prelude_size + headers);
    return aws_status::frame;
}

aws_status aws_event_reader::next(std::string_view& input, aws_frame& out)
{
    if (broken_ != aws_status::need_more) {
        return broken_;
    }
    if (consumed_ != 0) {
        buffer_.clear();
        consumed_ = 0;
        if (buffer_.capacity() > keep_capacity) {
            std::string().swap(buffer_);
        }
    }
    const auto fill = [&](std::size_t size) {
        const std::size_t n = std::min(input.size(), size - buffer_.size());
        buffer_.append(input.substr(0, n));
        input.remove_prefix(n);
        return buffer_.size() == size;
    };
    if (buffer_.empty() && input.empty()) {
        return aws_status::need_more;
    }
    const bool direct = buffer_.empty() && input.size() >= prelude_size;
    if (!direct && buffer_.size() < prelude_size && !fill(prelude_size)) {
        return aws_status::need_more;
    }
    std::size_t total = 0;
    if (const aws_status prelude = check_prelude(direct ? input : buffer_, total);
        prelude != aws_status::frame) {
        return fail(prelude);
    }
    std::string_view whole;
    if (direct && input.size() >= total) {
        whole = input.substr(0, total);
        input.remove_prefix(total);
    } else {
        if (!fill(total)) {
            return aws_status::need_more;
        }
        whole = buffer_;
        consumed_ = total;
    }
    const aws_status status = read(whole, out);
    return status == aws_status::frame ? status : fail(status);
}

} // namespace cogate::wire

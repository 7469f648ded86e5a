#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::wire {

/// The ten types of a header's value, as numbered on the wire.
enum class aws_header_type : std::uint8_t {
    yes = 0,
    no = 1,
    int8 = 2,
    int16 = 3,
    int32 = 4,
    int64 = 5,
    bytes = 6,
    string = 7,
    timestamp = 8, ///< milliseconds since the epoch
    uuid = 9,
};

struct aws_header {
    std::string_view name;
    aws_header_type type = aws_header_type::no;
    std::string_view text{}; ///< bytes, string, and the 16 bytes of a uuid
    std::int64_t number = 0; ///< integers and timestamp; 1 for yes
};

/// One message. The views are valid until the next call of the reader, and those into the input only as long
/// as the input's bytes.
struct aws_frame {
    std::span<aws_header const> headers{};
    std::string_view payload{};

    /// Value of the string header `name`, or empty text.
    std::string_view text(std::string_view name) const noexcept
    {
        for (aws_header const& h : headers) {
            if (h.type == aws_header_type::string && h.name == name) {
                return h.text;
            }
        }
        return {};
    }
};

enum class aws_status {
    frame, ///< `out` is a whole message, both checksums are right
    need_more,
    too_large,    ///< beyond the cap; the reader stays there
    bad_checksum, ///< the reader stays there
    malformed,    ///< right checksums, impossible lengths or header types; the reader stays there
};

/// What the protocol allows for one message (24 MiB).
inline constexpr std::size_t largest_aws_frame = std::size_t{24} * 1024 * 1024;

/// Incremental reader of application/vnd.amazon.eventstream: pure, no I/O, any split of the input gives the
/// same messages. Nothing of a message is believed before its checksums: not its length before that of the
/// prelude, not its headers before that of the whole. Not thread safe.
///
/// Layout, big-endian: u32 total length, u32 length of the headers, u32 CRC of these eight bytes, headers,
/// payload, u32 CRC of all before (providers.md 7.4). A message that lies whole in the input is not copied.
class aws_event_reader {
public:
    explicit aws_event_reader(std::size_t max_frame_bytes = largest_aws_frame) noexcept
        : cap_(max_frame_bytes)
    {}

    /// Consumes from the front of `input` up to the end of the next message.
    aws_status next(std::string_view& input, aws_frame& out);

    /// The stream may end here: no part of a message waits for its rest.
    bool idle() const noexcept { return buffer_.size() == consumed_ && broken_ == aws_status::need_more; }

private:
    aws_status fail(aws_status why) noexcept { return broken_ = why; }
    aws_status check_prelude(std::string_view bytes, std::size_t& total) noexcept;
    aws_status read(std::string_view frame, aws_frame& out);
    bool read_headers(std::string_view bytes);

    std::size_t cap_;
    std::string buffer_;       ///< the start of a message that came in pieces
    std::size_t consumed_ = 0; ///< bytes of `buffer_` that were given out
    std::vector<aws_header> headers_;
    aws_status broken_ = aws_status::need_more;
};

} // namespace cogate::wire

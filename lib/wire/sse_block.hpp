#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cogate::wire {

/// What a step over an event stream found.
enum class sse_status {
    event,     ///< one whole event is in the output
    need_more, ///< the input is used up
    too_large, ///< an event is larger than the cap; final, every later step says the same
};

/// Cuts an event stream into blocks: everything up to and including a blank line. CR, LF and CRLF end a line,
/// in any mix and split anywhere. A LF that follows a block ended by a CR at the very end of the input comes
/// out as an empty block of its own, so that a block is never held back for one byte and no byte is lost.
///
/// The cap counts the bytes of a block without the LF of a closing CRLF, so that it does not depend on how
/// the stream was split. Not thread safe. Memory: at most `max_block_bytes` for an incomplete block; a
/// buffer that grew beyond 64 KiB is given back after its block.
class sse_splitter {
public:
    explicit sse_splitter(std::size_t max_block_bytes) noexcept : max_(max_block_bytes) {}

    /// Takes the next block off the front of `input`. The block is a view into `input` when it lies there
    /// whole, else into this object; it is valid until the next call (and as long as the input's bytes).
    /// On `need_more` the rest of the input has been copied.
    sse_status cut(std::string_view& input, std::string_view& block);

    /// Bytes of the block that is not complete yet; valid until the next `cut`.
    std::string_view pending() const noexcept
    {
        return released_ ? std::string_view() : std::string_view(pending_);
    }

private:
    std::size_t scan(std::string_view bytes) noexcept;

    std::string pending_;
    std::size_t max_;
    bool at_line_start_ = true;
    bool after_cr_ = false;
    bool released_ = false;
    bool too_large_ = false;
};

/// Fields of one block. `data` and `type` are views into the block, or `data` into the join buffer.
struct sse_fields {
    std::string_view type;
    std::string_view data;
    std::string_view id;
    std::string_view retry; ///< decimal digits only
    bool has_data = false;
    bool has_id = false;
};

/// Reads the fields of one block (WHATWG HTML 9.2.6). Several data lines are joined by LF in `join_buffer`;
/// a single one is not copied. A last line without line end counts. `first_block` drops one leading BOM.
sse_fields parse_sse_block(std::string_view block, std::string& join_buffer, bool first_block);

} // namespace cogate::wire

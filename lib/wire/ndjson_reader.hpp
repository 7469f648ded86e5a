#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cogate::wire {

/// What a step over newline-delimited JSON found.
enum class ndjson_status {
    line,      ///< one whole line is in the output
    need_more, ///< the input is used up
    too_large, ///< a line is longer than the cap; final, every later step says the same
};

/// Cuts newline-delimited JSON (Ollama's streams) into lines: pure, no I/O, any split of the input gives the
/// same lines. A line ends with LF; a CR before it and blanks around the text are not part of it. Lines
/// without text are skipped. It does not look into the JSON. Not thread-safe.
///
/// The cap counts the bytes of a line without its LF. Memory: at most the cap for a line that is not
/// complete; a buffer that grew beyond 64 KiB is given back after its line. A line that lies whole in the
/// input is not copied.
class ndjson_reader {
public:
    explicit ndjson_reader(std::size_t max_line_bytes) noexcept : max_(max_line_bytes) {}

    /// Consumes from the front of `input` up to the end of the next line with text. `line` is valid until the
    /// next call, and as long as the input's bytes.
    ndjson_status next(std::string_view& input, std::string_view& line);

    /// At the end of the stream: the last line when it has no LF, else `need_more`, or `too_large` as before.
    ndjson_status finish(std::string_view& line);

private:
    void forget_line();

    std::string pending_;
    std::size_t max_;
    bool told_ = false; ///< `pending_` is the line that was given out last
    bool too_large_ = false;
};

} // namespace cogate::wire

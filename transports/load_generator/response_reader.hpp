#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cogate::transports::load {

/// How a whole event stream ends.
enum class end_mark : std::uint8_t {
    done,         ///< data: [DONE] (OpenAI chat)
    message_stop, ///< an event of the type message_stop (Anthropic Messages)
};

/// Judges HTTP/1.1 answers as they arrive, without keeping them: framing, length, and for event streams the number
/// of events and the end mark. Pure; any split of the bytes gives the same verdict. One object per connection.
class response_reader {
public:
    enum class status : std::uint8_t {
        need_more,
        complete, ///< the answer's framing ended
        bad,      ///< not HTTP, or bytes behind the end
    };

    explicit response_reader(end_mark mark = end_mark::done) noexcept : mark_(mark) {}

    /// Forgets the last answer.
    void begin() noexcept;

    status feed(std::string_view bytes);

    /// The peer ended the connection: complete when the answer was framed by that, else bad.
    status end_of_input() noexcept;

    int code() const noexcept { return code_; }
    bool started() const noexcept { return started_; }
    bool keep_alive() const noexcept { return keep_alive_; }
    std::uint64_t body_bytes() const noexcept { return body_bytes_; }
    /// Events with data so far, [DONE] included.
    std::uint64_t events() const noexcept { return events_; }
    bool done_event() const noexcept { return done_; }
    bool error_event() const noexcept { return error_event_; }
    /// Last byte of the body that is no white space: '}' for a whole JSON object.
    char last_byte() const noexcept { return last_byte_; }

private:
    enum class state : std::uint8_t {
        head,
        counted,
        chunk_size,
        chunk_data,
        chunk_end,
        trailer,
        until_close,
        done,
        broken
    };

    bool read_head(std::string_view& bytes);
    bool parse_head(std::string_view head);
    bool read_field(std::string_view line);
    bool read_line(std::string_view& bytes);
    bool chunk_line();
    void body(std::string_view piece);
    void lines(std::string_view piece);
    void end_line();

    end_mark mark_;
    state state_ = state::head;
    std::string line_; // a head or chunk line that came in parts
    std::string text_; // the start of the current body line
    std::uint64_t left_ = 0;
    std::uint64_t body_bytes_ = 0;
    std::uint64_t events_ = 0;
    int code_ = 0;
    bool started_ = false;
    bool keep_alive_ = true;
    bool stream_ = false;
    bool data_seen_ = false;
    bool stop_type_ = false; // the event under way is of the type message_stop
    bool done_ = false;
    bool error_event_ = false;
    char last_byte_ = 0;
};

} // namespace cogate::transports::load

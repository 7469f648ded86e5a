#pragma once

#include <cogate/chat.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace cogate::providers::anthropic_messages {

/// Follows a call's arguments as they come: whether they are a whole object. Says nothing of their validity inside.
class object_end {
public:
    void feed(std::string_view text) noexcept
    {
        for (char const c : text) {
            if (in_string_) {
                in_string_ = escaped_ || c != '"';
                escaped_ = !escaped_ && c == '\\';
            } else if (c == '"') {
                in_string_ = true;
            } else if (c == '{' || c == '[') {
                ++depth_;
            } else if (c == '}' || c == ']') {
                whole_ = whole_ || --depth_ <= 0;
            }
        }
    }
    bool reached() const noexcept { return whole_; }

private:
    long depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
    bool whole_ = false;
};

enum class block_kind { text, thinking, tool, whole };

struct stream_block {
    block_kind kind = block_kind::text;
    std::int64_t call = -1; ///< tool: which
    tool_call head{};       ///< tool: id, name and extra
    std::string start{};    ///< the content_block; made late for a tool
    std::string deltas{};   ///< events' `delta` objects that wait, each ended by a line end
    std::string item{};     ///< thinking: the provider's id of it, told as the signature
    object_end arguments{};
    bool live = false; ///< its start went out
    bool over = false; ///< nothing more comes
};

/// Blocks go out one after the other; other dialects mix the fragments of several. The first block is live: what
/// comes for it goes out at once. What comes for later ones waits in them until those before are complete.
class stream_blocks {
public:
    explicit stream_blocks(std::string fallback_id) : fallback_id_(std::move(fallback_id)) {}

    /// The block behind all others, if it is of this kind and takes more.
    stream_block* last(block_kind what) noexcept;
    /// The block of a call that is not closed yet.
    stream_block* call(std::int64_t index) noexcept;
    /// A block behind all others. Text and thinking before it are complete then.
    stream_block& open(block_kind what, std::string start, std::string& out);
    void add_whole(std::string content, std::string& out);
    void add(stream_block& to, std::string_view delta, std::string& out);
    void add_text(stream_block& to, std::string_view type, std::string_view member, std::string_view text,
                  std::string& out);
    void add_arguments(stream_block& to, std::string_view text, std::string& out);
    /// Starts the first block, and goes on to the next while the first is over. `all`: whatever is there goes out.
    void advance(bool all, std::string& out);
    /// Closes the first blocks as they are while more waits behind them than may.
    void relieve(std::string& out);

    /// How many calls went out.
    std::size_t calls() const noexcept { return calls_; }

private:
    void emit_start(stream_block& b, std::string& out);
    void emit_delta(std::string_view delta, std::string& out);

    std::string fallback_id_;
    std::deque<stream_block> blocks_;
    std::string event_;
    std::size_t held_back_ = 0;
    std::int64_t index_ = 0; ///< of the live block
    std::size_t calls_ = 0;
};

} // namespace cogate::providers::anthropic_messages

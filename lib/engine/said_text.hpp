#pragma once

#include <cogate/chat.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::engine {

/// What an answer has said so far: of the events of OpenAI's chat stream that go to a client, or of chunks. Not
/// thread-safe.
class said_text {
public:
    /// Whole events.
    void add(std::string_view events);
    void add(chat_chunk const& chunk);

    /// Whether it is one choice of nothing but text that has not ended: another model can go on with it. Anything else
    /// in its message, known or not, could not be told to that model. False also beyond 256 KiB.
    bool is_plain() const noexcept { return plain_ && !ended_ && !text_.empty(); }
    std::string const& text() const noexcept { return text_; }
    /// A chunk with the answer's id, time and model, and nothing else.
    chat_chunk const& name() const noexcept { return name_; }

private:
    void take(std::string_view data);

    std::string text_;
    chat_chunk name_;
    bool plain_ = true;
    bool ended_ = false;
};

/// A request of OpenAI's chat dialect with `text` as the beginning of its answer: an assistant's message at the end.
/// Nothing when the body has no messages, or its last one is an assistant's already.
std::optional<std::string> with_prefill(std::string_view body, std::string_view text);
/// The same for a canonical request.
std::optional<chat_request> with_prefill(chat_request const& request, std::string_view text);

/// The request with `said` tokens less in every limit that it names (`max_tokens`, `max_completion_tokens`). Nothing when
/// one of them is used up.
std::optional<std::string> with_tokens_left(std::string_view body, std::int64_t said);
std::optional<chat_request> with_tokens_left(chat_request request, std::int64_t said);

} // namespace cogate::engine

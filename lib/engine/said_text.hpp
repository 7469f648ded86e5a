#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cogate::engine {

/// What an answer has said so far, read out of the events of OpenAI's chat stream that go to the client. Not
/// thread-safe.
class said_text {
public:
    /// Whole events.
    void add(std::string_view events);

    /// Whether it is one choice of nothing but text that has not ended: another model can go on with it. False also
    /// beyond 256 KiB.
    bool is_plain() const noexcept { return plain_ && !ended_ && !text_.empty(); }
    std::string const& text() const noexcept { return text_; }

private:
    void take(std::string_view data);

    std::string text_;
    bool plain_ = true;
    bool ended_ = false;
};

/// A request of OpenAI's chat dialect with `text` as the beginning of its answer: an assistant's message at the end.
/// Nothing when the body has no messages, or its last one is an assistant's already.
std::optional<std::string> with_prefill(std::string_view body, std::string_view text);

} // namespace cogate::engine

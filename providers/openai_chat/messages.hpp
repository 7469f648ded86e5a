#pragma once
/// Whole messages, both directions.

#include <cogate/chat.hpp>

#include "providers/common/fields.hpp"

#include <optional>
#include <string_view>

namespace cogate::providers::openai_chat {

/// A request's message (strict reader) or the `message` of an answer's choice (lenient reader).
message read_message(reader& in, json::value value, place const& at);

enum class audience {
    provider, ///< a request's message
    client, ///< an answer's: content is a string or null, refusal is there, reasoning is `reasoning_content`
};

void write_message(raw_writer& out, message const& m, audience who);

/// `thinking_blocks` (LiteLLM's name) of reasoning that must come back byte for byte.
void write_thinking_block(raw_writer& out, std::string_view text, std::string_view signature,
                          std::string_view redacted);

std::string_view role_name(role who) noexcept;

/// A provider's word for why it stopped; `other` keeps the word, null and "" are `none`.
finish_reason read_finish_reason(json::value word, std::string& text);

/// OpenAI's word; `other` is "stop", because clients of strict languages refuse unknown words.
std::string_view finish_reason_name(finish_reason why) noexcept;

} // namespace cogate::providers::openai_chat

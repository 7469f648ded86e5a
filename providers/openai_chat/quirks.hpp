#pragma once
/// How a service that copies OpenAI's chat dialect wants to be spoken to: the table's quirks put to use.
///
/// The words of chat_quirks::reasoning_request:
///   (empty)          only `reasoning_effort`; a token budget becomes the nearest word, "do not think" says nothing
///   both             as said: `reasoning_effort` and `thinking` {type, budget_tokens}
///   thinking         `thinking` {type} only, "enabled" or "disabled"
///   enable_thinking  `enable_thinking` and `thinking_budget`
///   template         `chat_template_kwargs` {enable_thinking}
///   reasoning        `reasoning` {effort, max_tokens, enabled}
///   high_or_none     `reasoning_effort`, of which there is "high" and "none"
///   google           `reasoning_effort`, or a budget in `extra_body.google.thinking_config`

#include <cogate/chat.hpp>
#include <cogate/result.hpp>

#include "lib/core/json/scanner.hpp"
#include "providers/call_context.hpp"
#include "providers/common/fields.hpp"
#include "providers/express_lane.hpp"

#include <optional>
#include <string_view>

namespace cogate::providers::openai_chat {

/// The request as the service takes it: parameters fitted, messages reshaped. Points to `asked`, or to `changed`
/// when anything had to be changed. Fails where something cannot be said.
result<chat_request const*> fit(chat_request const& asked, call_context const& context,
                                std::optional<chat_request>& changed);

/// The service's name of a parameter.
std::string_view renamed(std::string_view ours, chat_quirks const& quirks) noexcept;

/// Members for a wish for reasoning; none when there is no wish.
void write_reasoning_wish(raw_writer& out, reasoning_options const& wish, chat_quirks const& quirks);

/// Whether a scanned body, whose root has these `keys`, may go to the service as it is. Pure; may scan the body
/// once more.
bool may_relay(std::string_view body, json::key_list const& keys, bool stream, call_context const& context);

/// Whether a model belongs to the families that know `max_completion_tokens` only.
bool wants_completion_tokens(std::string_view model, chat_quirks const& quirks) noexcept;

} // namespace cogate::providers::openai_chat

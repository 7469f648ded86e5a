#pragma once
/// What of OpenAI's chat parameters a dialect or service takes, and what happens to the rest.

#include <cogate/chat.hpp>
#include <cogate/result.hpp>

#include "providers/call_context.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace cogate::providers {

/// The request as it may be sent: without what the rules drop, and refused when it sets a parameter that is neither
/// in `supported` nor dropped nor allowed (invalid_request/"unsupported_parameter", `param` names it).
///
/// Names are OpenAI's. A parameter at its default (n = 1, logprobs = false, ...) counts as not set and is taken out
/// where it is not supported. What has no influence on the answer (user, metadata, prompt_cache_key,
/// safety_identifier, store = false, a default service_tier) is left out without a word. Fields of another dialect in
/// `extra` count as parameters, but for its hints (`is_advisory`), which are left out too.
/// An allowed parameter that the dialect has no place for moves to `extra`.
///
/// The result points to `asked`, or to `changed` when something had to be taken out.
result<chat_request const*> fit_parameters(chat_request const& asked,
                                           std::span<std::string_view const> supported,
                                           std::string_view dialect, call_context const& context,
                                           std::optional<chat_request>& changed);

/// All names that fit_parameters knows, in a fixed order: what a dialect supports that has every one of them.
std::span<std::string_view const> all_parameters() noexcept;

/// Whether leaving out this field of a dialect's request changes neither answer nor bill elsewhere.
bool is_advisory(std::string_view dialect, std::string_view field) noexcept;

} // namespace cogate::providers

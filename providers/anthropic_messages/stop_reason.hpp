#pragma once

#include <cogate/chat.hpp>

#include <string_view>

namespace cogate::providers::anthropic_messages {

/// A provider's stop_reason; an unknown word is `other`, empty is `none`.
finish_reason read_stop_reason(std::string_view word) noexcept;

/// Anthropic's word for the end of an answer. The provider's own word is kept where it is one of Anthropic's and means
/// the same.
std::string_view stop_reason_name(finish_reason why, std::string_view native, bool has_tool_calls,
                                  bool has_stop_sequence) noexcept;

} // namespace cogate::providers::anthropic_messages

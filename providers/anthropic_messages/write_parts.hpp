#pragma once
/// What whole and streamed answers to a client share.

#include <cogate/chat.hpp>

#include "providers/common/fields.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cogate::providers::anthropic_messages {

/// The list of blocks of a message.
void write_content(raw_writer& out, message const& m, std::string_view fallback_id);

/// The id of a call whose provider gave none.
std::string made_call_id(std::string_view fallback_id, std::size_t index);

/// The members stop_reason, stop_sequence and, where there are any, stop_details.
void write_stop(raw_writer& out, finish_reason why, std::string_view native, bool has_calls,
                std::string const& stop_sequence, extra_fields const& choice_extra);

} // namespace cogate::providers::anthropic_messages

#pragma once

#include <cogate/chat.hpp>

namespace cogate::providers::openai_chat {

/// Unknown members of messages, parts, calls and tools that another dialect said, and that a chat service would refuse
/// or misread: all of them when the request was parsed from another dialect; when nobody parsed it, those that the
/// decoders of other dialects leave in answers ("phase", "namespace").
bool has_foreign_fields(chat_request const& request) noexcept;

/// Takes them out.
void remove_foreign_fields(chat_request& request);

} // namespace cogate::providers::openai_chat

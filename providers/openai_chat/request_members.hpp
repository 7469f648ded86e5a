#pragma once
/// Members that the requests of OpenAI's dialects have in common.

#include <cogate/chat.hpp>

#include "providers/common/fields.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cogate::providers::openai_chat {

/// The model's name, which must be there.
void read_model(reader& in, json::value root, std::string& out);

/// A list of texts; `expected` as in "an array of strings".
void read_texts(reader& in, json::value value, place const& at, std::string_view expected,
                std::vector<std::string>& out);

/// `stop`: a text or several.
void read_stop(reader& in, json::value root, chat_request& out);

void read_stream_options(reader& in, json::value root, chat_request& out);

} // namespace cogate::providers::openai_chat

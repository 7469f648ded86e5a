#pragma once

#include <string_view>

namespace cogate::providers::openai_chat {

/// What a stream's event may hold, judged from its bytes alone. In valid JSON a quote within a string is
/// escaped, so `"usage":` outside a key cannot occur, whatever the text says. A key written with \u escapes
/// is overlooked.
struct relay_signs {
    bool usage = false; ///< a member `usage` that is an object
    bool error = false; ///< a member `error` that is not null, or `"type":"error"`
    bool end = false;   ///< a member `finish_reason` that is a string
    bool odd = false;   ///< not an object, or without a list of choices that has something in it
};

relay_signs scan_event(std::string_view data) noexcept;

} // namespace cogate::providers::openai_chat

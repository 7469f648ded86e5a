#pragma once
/// What of a Response object both a whole answer and a stream's last event tell.

#include <cogate/chat.hpp>

#include "lib/core/json/document.hpp"

#include <string>

namespace cogate::providers::openai_responses {

/// Why it ended: `incomplete_details`, else whether there were calls.
struct ending {
    finish_reason why = finish_reason::stop;
    std::string text;   ///< with finish_reason::other
    std::string native; ///< the word of incomplete_details
};
ending read_ending(json::value response, bool has_calls);

/// Members of a Response object that are neither answer, usage nor an echo of the request.
extra_fields unknown_members(json::value response);

/// The text of a reasoning item: its content where there is one, else its summary; pieces are a blank line
/// apart.
std::string reasoning_text(json::value item);

} // namespace cogate::providers::openai_responses

#pragma once

#include <cogate/message.hpp>
#include <cogate/result.hpp>

#include <string>
#include <vector>

namespace cogate::providers {

/// A conversation as one text, for services that complete a prompt.
struct transcript {
    std::string system; ///< system and developer messages, separated by blank lines
    std::string prompt; ///< the rest
};

/// One user message is the prompt as it is; a longer conversation becomes lines "User: ..." and "Assistant:
/// ..." and ends with "Assistant:". With `system_inside` the system text is the first line, "System: ...",
/// instead. Reasoning is left out. Images and the like, tool calls and tool results are refused:
/// invalid_request/"unsupported_content".
result<transcript> write_transcript(std::vector<message> const& messages, bool system_inside);

} // namespace cogate::providers

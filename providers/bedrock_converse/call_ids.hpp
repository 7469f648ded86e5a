#pragma once

#include <cogate/chat.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace cogate::providers::bedrock_converse {

/// The ids of the tool calls of one request in letters that Bedrock takes: one to one, ids that fit stay as
/// they are, and the same request gives the same ids. Answers bring ids of the provider's own, so nothing has
/// to be turned back.
class call_ids {
public:
    /// `nine_letters`: Mistral's rule instead of Bedrock's ([a-zA-Z0-9_.:-], at most 64).
    call_ids(chat_request const& request, bool nine_letters);

    std::string_view of(std::string_view id) const noexcept;

private:
    std::map<std::string, std::string, std::less<>> made_;
};

} // namespace cogate::providers::bedrock_converse

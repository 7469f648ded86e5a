#pragma once

#include <cogate/message.hpp>

#include "lib/core/json/document.hpp"

#include <cstddef>
#include <string>

namespace cogate::providers::anthropic_messages {

/// A streamed block of a kind without parts of its own (server_tool_use, compaction, ...), gathered until it is whole.
/// Not thread-safe.
class gathered_block {
public:
    void start(json::value block);
    /// input_json_delta adds to `input`; the members of any other delta go into the block, text after text.
    void add(json::value delta);
    /// Bytes held.
    std::size_t size() const noexcept;
    /// The whole block as the answer of a request without stream has it.
    unknown_part finish() const;

private:
    extra_fields members_;
    std::string input_;
    std::size_t size_ = 0;
};

} // namespace cogate::providers::anthropic_messages

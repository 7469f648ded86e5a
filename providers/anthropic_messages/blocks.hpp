#pragma once
/// Content blocks, both directions: parts of a message and tool calls on our side.

#include <cogate/message.hpp>

#include "providers/common/fields.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers::anthropic_messages {

/// One block of a message's content: a part, or a tool call. A kind that is not known, or one of a strange shape, is
/// kept whole.
void read_block(reader& in, json::value block, place const& at, message& to);

/// A string, or a list of blocks; absent is an error of a strict reader.
void read_content(reader& in, json::value content, place const& at, message& to);

/// Cache mark and unknown members of a block, message or tool.
void read_rest(json::value object, std::span<std::string_view const> known, std::optional<cache_mark>& cache,
               extra_fields& extra);

struct block_options {
    bool to_client = false; ///< an answer's block; else a request's
    bool own = false; ///< the request was said in this dialect: unknown kinds and members are the provider's
    bool extras = false; ///< unknown members are written
};

/// Whether the part is left out of a request without a word: empty text, thinking that the provider would refuse.
bool is_left_out(content_part const& part, block_options const& options) noexcept;

/// Writes one part as a block with this cache mark. False: the dialect has no such block, nothing was written.
bool write_part(raw_writer& out, content_part const& part, std::optional<cache_mark> const& mark,
                block_options const& options);

/// The same for a call. False: its arguments are no object (never to a client, who gets them in "invalid_arguments").
bool write_tool_use(raw_writer& out, tool_call const& call, std::optional<cache_mark> const& mark,
                    block_options const& options);

/// The input object of a call as a client gets it.
std::string input_for_client(tool_call const& call);

/// The mark of a part itself.
std::optional<cache_mark> const* mark_of(content_part const& part) noexcept;

/// A call's id in the letters that the provider takes; the same text for the same id.
std::string tool_id(std::string_view id);

/// Unknown members of an inner object, without those that only OpenAI's shapes have.
void write_extras(raw_writer& out, extra_fields const& fields, block_options const& options);

/// Whether the text is a JSON object.
bool is_object_text(std::string_view text);

} // namespace cogate::providers::anthropic_messages

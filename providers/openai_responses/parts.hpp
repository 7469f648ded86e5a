#pragma once
/// Content parts of messages and of tool outputs, and the annotations and logprobs that hang on them.

#include <cogate/chat.hpp>

#include "providers/common/fields.hpp"

#include <string>
#include <string_view>

namespace cogate::providers::openai_responses {

/// A part of a message's or an output's `content`: input_text, output_text, input_image, input_file,
/// input_audio, refusal; any other stays whole as unknown_part.
content_part read_part(reader& in, json::value value, place const& at);

/// The prefix of a part's type: what goes into the model ("input_text") or came out of it ("output_text").
enum class direction { input, output };

/// Writes one part. False, with nothing written, when the dialect has no such part there. `ours`: unknown
/// members and cache marks belong to this dialect.
bool write_part(raw_writer& out, content_part const& part, direction way, bool ours);

/// The type of an item that may stand beside messages although cogate has no value of its own for it: calls
/// of hosted tools, their outputs, references, approvals, compactions.
bool is_item_type(std::string_view type) noexcept;

/// Appends the annotations of an output_text part to `list` (items of a JSON array without brackets) in the
/// chat dialect's shape, where a url_citation has its fields in an object of that name.
void append_chat_annotation(std::string& list, json::value annotation);
/// One annotation of the chat dialect in this dialect's flat shape.
void write_annotation(json::writer& out, json::value annotation);

/// The chat dialect's logprobs object for a non-empty list of this dialect's; else empty.
raw_json chat_logprobs(json::value list);
/// The list within the chat dialect's logprobs object, "[]" when there is none.
std::string list_of_logprobs(raw_json const& logprobs);

} // namespace cogate::providers::openai_responses

#pragma once
/// Items: what stands in a request's `input` and in a Response's `output`.

#include <cogate/chat.hpp>

#include "providers/common/fields.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::providers::openai_responses {

/// Appends the messages that a request's items stand for. `input` is an array.
void read_items(reader& in, json::value input, place const& at, std::vector<message>& out);

/// Writes all messages from `first` on as items, without the brackets of the list. The failure names a part
/// that the dialect cannot carry.
std::optional<failure> write_items(raw_writer& out, chat_request const& request, std::size_t first);

/// Reasoning parts that belong to one item: from `begin` of `content` to the returned end. Parts of one id
/// belong together as long as none of them has text behind encrypted content.
std::size_t reasoning_group_end(std::span<content_part const> content, std::size_t begin) noexcept;

/// Text and encrypted content of the parts of one item.
struct reasoning_item {
    std::string_view id;
    std::string text;
    std::string_view encrypted;
    extra_fields const* extra = nullptr; ///< of the first part
};
reasoning_item joined_reasoning(std::span<content_part const> parts);

/// Ids of reasoning items that cogate made for another provider's reasoning begin so. They are not sent to a
/// provider.
inline constexpr std::string_view made_reasoning_id = "rs_cogate_";
/// A signature of another provider stands in `encrypted_content` behind this mark, so that clients give it
/// back.
inline constexpr std::string_view signature_mark = "cogate.signature.";

/// A call id with the signature of the call (Gemini) in it, because clients give back no other member; the
/// other way, the signature is cut off `id`.
std::string signed_call_id(tool_call const& call);
std::string cut_signature(std::string& id);

/// Id and encrypted content as a client or a provider has them to the fields of a reasoning part.
void take_reasoning_marks(reasoning_part& part);

/// `encrypted_content` as a client gets it: another provider's stands behind a seal.
std::string encrypted_for_client(std::string_view redacted, std::string_view id);

/// `encrypted_content` as the provider that made it gets it back, empty where it made none; nothing for another
/// provider's item.
std::optional<std::string_view> encrypted_for_provider(std::string_view redacted,
                                                       std::string_view id) noexcept;

/// "<prefix>" and 24 letters and digits that depend on `seed` and `number` only.
std::string derived_id(std::string_view prefix, std::string_view seed, std::size_t number);

} // namespace cogate::providers::openai_responses

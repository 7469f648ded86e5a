#pragma once

#include <cogate/chat.hpp>
#include <cogate/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogate {

/// OpenAI's encodings that cogate knows exactly, token for token.
///
/// Their tables are part of the library and are made ready at the first use of each (some milliseconds; 2 MiB
/// of memory for cl100k_base, 4 MiB for o200k_base, kept until the program ends). Everything below may be
/// called from any thread at any time. It is computation, linear in the text (O(n log n) within one unbroken
/// word): some 15 ms for a megabyte of prose, so keep it off a thread that serves sockets.
enum class token_encoding : std::uint8_t { cl100k_base, o200k_base };

/// "cl100k_base", "o200k_base".
std::string_view to_string(token_encoding encoding) noexcept;

/// A number of the encoding's table.
using token_id = std::uint32_t;

/// What the text of a special token, such as "<|endoftext|>", means where it stands in a text.
enum class special_tokens : std::uint8_t {
    plain,     ///< nothing special: it is encoded as the characters it is made of
    recognised ///< the one token; only for texts that no stranger had a hand in
};

/// The tokens of a text. Any bytes are taken: decode() gives exactly them back; ill-formed UTF-8 counts as a
/// symbol. A word, or any other run that the encoding does not split, of more than 1 MiB is split there;
/// while one is at work some 60 bytes of memory are used for each of its bytes.
std::vector<token_id> encode(token_encoding encoding, std::string_view text,
                             special_tokens special = special_tokens::plain);

/// As many as encode() gives, without the memory for them.
std::size_t count_tokens(token_encoding encoding, std::string_view text,
                         special_tokens special = special_tokens::plain);

/// The bytes that the tokens stand for; special tokens give their text. A part of the tokens of a text may
/// end inside a character. Error: invalid_request when a number is no token of the encoding.
result<std::string> decode(token_encoding encoding, std::span<token_id const> tokens);

/// The encoding to count with for a model's name, with or without providers before it ("azure/gpt-4o").
/// o200k_base for gpt-4o, gpt-4.1, gpt-4.5, gpt-5, gpt-oss and the o series of OpenAI; as in LiteLLM
/// cl100k_base for all others, whose own tokenizers differ: an estimate.
token_encoding encoding_for(std::string_view model) noexcept;

/// What token_counter() takes into account.
struct token_counter_options {
    /// Every image is 250 tokens, whatever its size and detail.
    bool default_image_tokens = false;
    /// The messages are an answer: nothing is added for tools, tool choice and the start of a reply.
    bool response = false;
};

/// How many tokens the prompt of a chat request is by the rules of LiteLLM's token_counter (its file
/// litellm_core_utils/token_counter.py): 3 for a message and 1 for its name, its texts, the arguments of
/// its tool calls, the tools in TypeScript's notation, and 3 for the start of the reply. An image is 85; with
/// detail "high" 85 + 170 for each tile of 512 x 512 after fitting it into 768 x 2000. The size is read from
/// the image's own bytes; one behind a URL, which is never fetched, is taken as 300 x 300. Audio, and parts
/// of an unknown kind, add nothing. Texts are counted whole, where LiteLLM adds up pieces of 1,024
/// characters.
///
/// The request's own `model` is not looked at. A total function: a schema that is no JSON counts as none.
std::size_t token_counter(std::string_view model, chat_request const& request,
                          token_counter_options options = {});

} // namespace cogate

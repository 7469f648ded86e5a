#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::transports::mock {

/// What a provider charges for an answer.
struct tariff {
    unsigned prompt = 0; ///< tokens; 0: nothing is charged
    unsigned completion = 0;
    std::size_t first_content =
        0; ///< of a stream: the piece with the first token, one piece per token from there on
};

/// A whole HTTP answer, rendered beforehand, with the places where its sender pauses. Immutable once made and
/// shared by all connections that send it.
struct answer {
    enum class ending : std::uint8_t {
        keep,  ///< the connection lives on
        close, ///< orderly end after the last byte
        reset, ///< reset after the last byte
        hang,  ///< nothing more, until the peer goes
    };

    std::string bytes;
    /// Ends of the pieces in `bytes`, ascending; the last is bytes.size(). A plain answer is one piece; a stream is
    /// its head, then one piece per event.
    std::vector<std::size_t> pieces;
    std::size_t finish_piece = 0; ///< of a stream: the piece that tells why the model stopped
    std::size_t done_piece = 0;   ///< of a stream: the piece that tells that it is whole
    bool stream = false;
    tariff charged{};
    ending end = ending::keep;
    std::chrono::nanoseconds between_bytes{0}; ///< not 0: sent byte by byte with this pause
};

/// What an endpoint of the mock speaks.
enum class api : std::uint8_t { chat, embeddings, messages, responses, generate_content };

/// What the text of an answer is made of.
struct answer_shape {
    std::size_t body_bytes = 0; ///< bytes of the content; 0: eight per token
    unsigned tokens = 16;       ///< events with content in a stream, also the usage told
};

/// Tokens of every prompt, as the usage tells them.
inline constexpr unsigned prompt_tokens = 9;

/// Answers in OpenAI's shape. `model`, `tool` and messages go out as they are: they must be the inside of a JSON
/// string. Pure.
answer chat_answer(const answer_shape& shape, std::string_view model);
answer chat_stream(const answer_shape& shape, std::string_view model, bool include_usage);
answer tool_answer(std::string_view model, std::string_view tool);
answer tool_stream(std::string_view model, std::string_view tool, bool include_usage);
answer embeddings_answer(std::string_view model, std::size_t inputs, std::size_t dimensions, bool base64);
answer models_answer();
answer error_answer(int status, std::string_view message, std::string_view type, std::string_view code,
                    api shape = api::chat);
answer plain_answer(int status, std::string_view content_type, std::string_view body);

/// An error as the JSON body or event of an API.
std::string error_text(int status, std::string_view message, std::string_view type, std::string_view code,
                       api shape);

/// The text that a chat answer of this shape says, the same streamed or not.
std::string content_of(const answer_shape& shape);

/// The same text cut into the events of a stream, one per token and at least one. Views into `content`.
std::vector<std::string_view> parts_of(std::string_view content, const answer_shape& shape);

} // namespace cogate::transports::mock

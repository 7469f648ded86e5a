#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interfaces. Services that wrap the
/// dialect in another envelope (Bedrock's InvokeModel, Vertex's rawPredict) use them too.

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/decode_error.hpp"
#include "providers/server_dialect.hpp"

#include <cstddef>

namespace cogate::providers::anthropic_messages {

inline constexpr std::string_view dialect_name = "anthropic_messages";

/// The `anthropic-version` that this code is written for.
inline constexpr std::string_view api_version = "2023-06-01";

/// The tool that stands for a JSON schema where the model has no structured output.
inline constexpr std::string_view json_tool = "json_tool_call";

/// How a request's body is dressed.
struct envelope {
    bool model_and_stream = true; ///< false: both are said elsewhere (URL)
    std::string_view
        anthropic_version{};       ///< "bedrock-2023-05-31", "vertex-2023-10-16"; empty: none in the body
    bool structured_output = true; ///< false: the service has no output_config.format
};

/// The body alone.
result<std::string> encode_body(chat_request const& request, call_context const& context,
                                envelope const& dress = {});
/// The body for api.anthropic.com with path and anthropic-version.
result<encoded_request> encode_chat(chat_request const& request, call_context const& context);

result<chat_response> decode_chat(std::string_view body);

/// Decodes events by the `type` in their data. `most_block_bytes` caps a block that has to be gathered before it can
/// be told (a server tool's input).
std::unique_ptr<event_decoder> make_event_decoder(std::size_t most_block_bytes = std::size_t{8} << 20);

/// As client_dialect::decode_error.
failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now);
std::span<error_rule const> error_rules() noexcept;

result<parsed_chat> parse_chat(std::string_view body);
void write_chat(chat_response const& response, reply_context const& context, std::string& out);
std::unique_ptr<chat_stream_writer> make_stream_writer(reply_context const& context);
void write_error(failure const& why, std::string& out);
int error_status(failure const& why) noexcept;

express_lane const& chat_lane() noexcept;
std::unique_ptr<stream_relay> make_relay();
/// Looks into a whole message.
result<relay_facts> inspect_answer(std::string_view body);

/// The `error` of an answer or event of status 200 ({"type":"error",...}); nothing when there is none.
std::optional<failure> in_band_error(json::value root);

} // namespace cogate::providers::anthropic_messages

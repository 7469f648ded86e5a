#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interfaces. See
/// providers/client_dialect.hpp and providers/server_dialect.hpp for what each promises.

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/decode_error.hpp"
#include "providers/server_dialect.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers::openai_responses {

inline constexpr std::string_view dialect_name = "openai_responses";

result<encoded_request> encode_chat(chat_request const& request, call_context const& context);
result<chat_response> decode_chat(std::string_view body);
std::unique_ptr<event_decoder> make_event_decoder();

result<parsed_chat> parse_chat(std::string_view body);
void write_chat(chat_response const& response, reply_context const& context, std::string& out);
std::unique_ptr<chat_stream_writer> make_stream_writer(reply_context const& context);

express_lane const& chat_lane() noexcept;
std::unique_ptr<stream_relay> make_relay();
result<relay_facts> inspect_answer(std::string_view body);

/// The dialect's own words for errors, before what is known of all providers.
std::span<error_rule const> error_rules() noexcept;

/// What a Response object reports as its failure: `error`, or a status that no answer can have. Also the
/// envelope of an error that is no Response at all. Nothing when there is none.
std::optional<failure> in_band_error(json::value response);

/// Whether the request was parsed from this dialect, so that its unknown members belong here.
inline bool is_ours(chat_request const& request) noexcept
{
    return request.extra_dialect == dialect_name;
}

} // namespace cogate::providers::openai_responses

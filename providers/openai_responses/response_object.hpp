#pragma once
/// The Response object as a client of the gateway gets it, whole or event by event.

#include <cogate/chat.hpp>

#include "providers/common/fields.hpp"
#include "providers/server_dialect.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cogate::providers::openai_responses {

/// One output_text or refusal part of a message item. Lists are items of a JSON array without brackets.
struct output_part {
    bool refusal = false;
    std::string text;
    std::string annotations{};
    std::size_t annotation_count = 0;
    std::string logprobs{};
};

/// One item of `output`.
struct output_item {
    enum class kind { message, reasoning, call, whole };
    kind what = kind::message;
    std::string id{};
    std::vector<output_part> parts{}; ///< message
    raw_json phase{};                 ///< message
    std::string text{};      ///< reasoning: summary; call: arguments or input; whole: the item itself
    std::string encrypted{}; ///< reasoning
    std::string call_id{};
    std::string name{};
    bool custom = false;
    raw_json space{}; ///< call: `namespace`
};

/// What changes in the Response object while a stream goes on.
struct response_state {
    std::string_view id{};
    std::int64_t created = 0;
    std::string_view model{};
    std::string_view status{}; ///< in_progress completed incomplete failed
    finish_reason why = finish_reason::none;
    failure const* error = nullptr;
    std::string_view output{}; ///< the finished items without brackets
    usage const* tokens = nullptr;
    std::string_view service_tier{};
    extra_fields const* extra = nullptr;
};

/// The members that repeat the request, as one JSON object: what the SDKs read from a Response.
std::string echo_of(chat_request const& request);

/// Appends the whole object; `echo` is the text of `echo_of`.
void write_response_object(response_state const& state, std::string_view echo, std::string& out);

void write_item(json::writer& out, output_item const& item, std::string_view status);
/// The part alone, as in content_part.done.
void write_output_part(json::writer& out, output_part const& part);

/// The generated image as the item of the tool that makes them here.
std::string image_item(image_part const& image, std::string_view id);

/// "completed" or "incomplete".
std::string_view status_of(finish_reason why) noexcept;

/// `id` when there is one, else one made from the fallback.
std::string response_id(std::string_view id, reply_context const& context);

} // namespace cogate::providers::openai_responses

#pragma once

#include "lib/wire/scripted_reply.hpp"

#include <string>
#include <string_view>

namespace cogate::providers {

class settings;

/// Where a service that speaks OpenAI's chat dialect departs from it. Data only; lists are separated by spaces.
struct chat_quirks {
    std::string_view rename{};      ///< "max_completion_tokens=max_tokens seed=random_seed"
    std::string_view unsupported{}; ///< OpenAI parameters that the service refuses or ignores
    /// How a wish for reasoning is spelt, where it is not `reasoning_effort`; see openai_chat/quirks.hpp.
    std::string_view reasoning_request{};
    /// Where reasoning of earlier turns goes: "reasoning_content", "reasoning", "thinking" (a part of a content
    /// array) or "-" (nowhere). Empty: where the caller had it.
    std::string_view reasoning_field{};
    std::string_view tool_choice_required{}; ///< the service's word for "required" ("any")
    std::string_view
        completion_tokens_models{}; ///< beginnings of models that refuse max_tokens under its older name
    std::string_view embeddings_path = "/embeddings";
    bool developer_role = true;   ///< false: "developer" is sent as "system"
    bool content_arrays = true;   ///< false: text parts are joined to one string, others are refused
    bool null_content = true;     ///< false: an assistant turn without text says "" instead of null
    bool stream_options = true;   ///< false: `stream_options` is refused; usage comes unasked or not at all
    bool json_schema = true;      ///< false: a schema goes into the prompt and a JSON object is asked for
    bool short_tool_ids = false;  ///< tool call ids must be nine letters or digits
    bool int8_embeddings = false; ///< base64 vectors hold signed bytes instead of floats
    /// What must be added to the reported usage: reasoning outside completion_tokens (xAI), or hidden in the total.
    enum class usage_rule { as_is, reasoning_beside, hidden_in_total };
    usage_rule usage = usage_rule::as_is;
    /// Answers are OpenAI's to the byte in everything that clients read, so that they may be relayed unread.
    bool exact = true;
};

/// How requests prove who sends them.
enum class auth_scheme {
    none,
    dialect,       ///< the dialect's own header (Bearer, x-api-key, x-goog-api-key)
    bearer,        ///< Authorization: Bearer, whatever the dialect is used to
    header,        ///< the key alone in `auth_header`
    aws_signature, ///< SigV4, or a bearer token where one is set
    google_oauth,  ///< an access token made from a service account or fetched
    azure,         ///< api-key, or Bearer with an Entra token
};

/// A row of the provider table (providers.def). Views of static text.
struct provider {
    std::string_view name; ///< the prefix in "name/model"
    /// Client dialects that the service speaks; the first serves whatever no other one fits better.
    std::string_view dialects = "openai_chat";
    /// Without a trailing slash; may hold "{setting}". Empty: api_base or make_base_url gives it.
    std::string_view base_url{};
    std::string_view
        key_variables{}; ///< environment variables of the key, the first that is set; empty: no key needed
    std::string_view base_variables{}; ///< environment variables that replace base_url
    /// Further settings as "setting=VARIABLE,VARIABLE setting=..."; a setting with a trailing "!" must be there.
    std::string_view settings{};
    auth_scheme auth = auth_scheme::dialect;
    std::string_view auth_header{};
    /// Fixed request headers, "name: value" separated by line ends; one with a "{setting}" that is not set is left out.
    std::string_view headers{};
    /// What it is known to serve: chat completions responses embeddings images speech transcription rerank
    /// moderations.
    std::string_view modalities = "chat";
    chat_quirks quirks{};
    bool key_optional = false;
    /// A server on one's own machine, which may not be running: the environment serves and lists it only where a base
    /// variable is set, whatever base_url says.
    bool own_server = false;
    /// Makes the base URL from the settings where a template cannot.
    std::string (*make_base_url)(class settings const&) = nullptr;
    wire::local_responder local = nullptr; ///< answers in the process instead of over a network
};

} // namespace cogate::providers

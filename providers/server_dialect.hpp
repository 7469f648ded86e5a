#pragma once

#include <cogate/chat.hpp>
#include <cogate/embedding.hpp>
#include <cogate/parameter_rules.hpp>
#include <cogate/result.hpp>

#include "lib/core/json/document.hpp"
#include "providers/express_lane.hpp"
#include "providers/modalities.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cogate::providers {

class media_codec;

/// A chat request as a client of the gateway sent it.
struct parsed_chat {
    chat_request request;
    bool stream = false;
    parameter_rules rules{}; ///< said in the body under LiteLLM's names; added to the deployment's
};

/// What an answer must repeat of its request, and what the gateway decides when the provider did not say it.
struct reply_context {
    chat_request const& request;
    std::string_view model;       ///< as the caller asked
    std::string_view fallback_id; ///< used where the provider gave no id; letters, digits, '-'
    std::int64_t now = 0;         ///< seconds since the epoch, for answers without a time
    inbound_target target{};      ///< how a stream was asked for
};

/// Writes one streamed answer to a client. Stateful; not thread-safe. Every member appends whole events.
class chat_stream_writer {
public:
    virtual ~chat_stream_writer() = default;
    virtual void write(chat_chunk const& chunk, std::string& out) = 0;
    /// The end of a good stream, with the dialect's end mark.
    virtual void end(std::string& out) = 0;
    /// The end of a failed one: the error in the dialect's shape, no end mark.
    virtual void fail(failure const& why, std::string& out) = 0;
};

/// One operation of a server dialect besides chat: what a client sends, and what it gets. Stateless, thread-safe.
template <class Request, class Response>
class server_codec {
public:
    virtual ~server_codec() = default;
    virtual result<Request> parse(std::string_view body) const = 0;
    virtual void write(Response const& response, Request const& request, std::string& out) const = 0;
    /// nullptr when answers are always rebuilt.
    virtual express_lane const* express() const noexcept { return nullptr; }
};

/// The server half of a dialect: what a client of the gateway sends and gets. Stateless, thread-safe.
class server_dialect {
public:
    virtual ~server_dialect() = default;

    virtual std::string_view name() const noexcept = 0;

    virtual result<parsed_chat> parse_chat(std::string_view body, inbound_target const& target) const = 0;
    virtual void write_chat(chat_response const& response, reply_context const& context,
                            std::string& out) const = 0;
    virtual std::unique_ptr<chat_stream_writer> write_chat_stream(reply_context const& context) const = 0;
    virtual std::string_view stream_content_type(inbound_target const&) const noexcept
    {
        return "text/event-stream";
    }

    /// Whether a provider of the dialect keeps an answer unless the request says `"store": false`.
    virtual bool stores_answers() const noexcept { return false; }

    /// The body of a refused or failed request, and its status where the dialect has its own (Anthropic's 529).
    virtual void write_error(failure const& why, std::string& out) const = 0;
    virtual int error_status(failure const& why) const noexcept { return why->status; }

    virtual express_lane const& chat_express() const noexcept = 0;
    /// The dialect's own request to count a prompt's tokens; nullptr where there is none.
    virtual express_lane const* count_tokens_express() const noexcept { return nullptr; }

    virtual server_codec<embedding_request, embedding_response> const* embeddings() const noexcept
    {
        return nullptr;
    }
    virtual server_codec<rerank_request, rerank_response> const* rerank() const noexcept { return nullptr; }
    virtual server_codec<image_request, image_response> const* images() const noexcept { return nullptr; }
    virtual server_codec<moderation_request, moderation_response> const* moderations() const noexcept
    {
        return nullptr;
    }
    virtual media_codec const* media() const noexcept { return nullptr; }

    /// What the usage object of an answer says.
    virtual usage read_usage(json::value) const { return {}; }
};

} // namespace cogate::providers

#pragma once

#include <cogate/chat.hpp>
#include <cogate/embedding.hpp>
#include <cogate/result.hpp>
#include <cogate/secret.hpp>

#include "providers/codec.hpp"
#include "providers/credential.hpp"
#include "providers/express_lane.hpp"
#include "providers/modalities.hpp"
#include "providers/stream_decoder.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cogate::providers {

using embedding_codec = codec<embedding_request, embedding_response>;
using image_codec = codec<image_request, image_response>;
using moderation_codec = codec<moderation_request, moderation_response>;
using rerank_codec = codec<rerank_request, rerank_response>;
using transcription_codec = codec<transcription_request, transcription_response>;

/// A prediction that is not ready with its first answer (Replicate): what to ask next, and after what wait.
struct follow_up {
    std::string url; ///< absolute, of the same origin as the base URL or refused by the engine
    std::chrono::milliseconds wait{0};
    bool stream = false;
};

/// The client half of a dialect: canonical request -> wire, wire -> canonical answer. Stateless, thread-safe.
/// A dialect that cannot do an operation answers nullptr for its codec.
class client_dialect {
public:
    virtual ~client_dialect() = default;

    virtual std::string_view name() const noexcept = 0;

    virtual result<encoded_request> encode_chat(chat_request const& request,
                                                call_context const& context) const = 0;
    virtual result<chat_response> decode_chat(whole_answer const& answer,
                                              call_context const& context) const = 0;
    virtual std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const = 0;
    /// Whether a stream may come with this content type.
    virtual bool streams_as(std::string_view content_type) const noexcept;
    /// What a stream request accepts; whole answers are application/json.
    virtual std::string_view stream_accept() const noexcept { return "text/event-stream"; }
    /// The most that one event of the service's streams may hold: the configured cap, or a multiple of it where
    /// events carry pictures and sound.
    virtual std::size_t max_event_bytes(call_context const& context) const noexcept
    {
        return context.max_event_bytes;
    }

    /// The answer is not the result yet: ask again. `body` is a whole 2xx answer.
    virtual result<std::optional<follow_up>> follow(std::string_view, call_context const&) const
    {
        return std::optional<follow_up>{};
    }
    virtual bool follows() const noexcept { return false; }

    virtual embedding_codec const* embeddings() const noexcept { return nullptr; }
    virtual rerank_codec const* rerank() const noexcept { return nullptr; }
    virtual image_codec const* images() const noexcept { return nullptr; }
    virtual moderation_codec const* moderations() const noexcept { return nullptr; }
    virtual transcription_codec const* transcriptions() const noexcept { return nullptr; }
    /// The answer is audio, relayed as it comes.
    virtual result<encoded_request> encode_speech(speech_request const& request,
                                                  call_context const& context) const;

    /// What a non-2xx answer means. `body` may be anything, `now` judges an HTTP-date in Retry-After.
    virtual failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                                 std::chrono::system_clock::time_point now) const = 0;

    /// The header that carries the key: {"authorization", "Bearer ..."}.
    virtual std::pair<std::string, std::string> authorization(secret const& key) const;

    /// The server dialect whose bytes this half can take and give unread; empty: none.
    virtual std::string_view express_with() const noexcept { return {}; }
    /// Where a relayed request goes.
    virtual std::string express_path(operation what, call_context const& context) const;
    /// The fields that a relayed request needs beside the credentials; some are the client's own (`inbound`).
    virtual header_list express_headers(std::span<wire::header const> inbound) const;
    /// Whether this request may be relayed to the service; a field with a quirk needs the translate lane.
    virtual bool express_fits(express_request const& request, call_context const& context) const;
};

} // namespace cogate::providers

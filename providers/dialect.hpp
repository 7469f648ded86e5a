#pragma once

#include <cogate/chat.hpp>
#include <cogate/embedding.hpp>
#include <cogate/result.hpp>
#include <cogate/secret.hpp>

#include "lib/wire/header.hpp"
#include "lib/wire/sse_reader.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::providers {

/// A request ready for the wire, without host and credentials. `path` is appended to the base URL's path.
struct encoded_request {
    std::string path;
    std::string body;
    std::vector<std::pair<std::string, std::string>>
        headers{}; ///< beyond content-type, content-length, accept
};

/// Turns the events of one stream into canonical chunks. Pure: events in, chunks out.
/// Total: any event gives chunks or a failure; after a failure or the end nothing more may be fed.
class chat_stream_decoder {
public:
    virtual ~chat_stream_decoder() = default;

    /// Appends what the event means to `out`. An in-band error of the provider is a failure.
    virtual result<void> feed(wire::sse_event const& event, std::vector<chat_chunk>& out) = 0;

    /// Whether the end mark of the dialect was seen.
    virtual bool finished() const noexcept = 0;

    /// The body is over: fails with `truncated` unless the stream said that it was complete.
    virtual result<void> finish() = 0;
};

/// The client half of a dialect: canonical request -> wire, wire -> canonical answer. Stateless, thread-safe.
class client_dialect {
public:
    virtual ~client_dialect() = default;

    virtual std::string_view name() const noexcept = 0;

    virtual result<encoded_request> encode_chat(chat_request const& request, std::string_view upstream_model,
                                                bool stream) const = 0;
    virtual result<chat_response> decode_chat(std::string_view body) const = 0;
    virtual std::unique_ptr<chat_stream_decoder> decode_chat_stream() const = 0;

    virtual result<encoded_request> encode_embedding(embedding_request const& request,
                                                     std::string_view upstream_model) const = 0;
    virtual result<embedding_response> decode_embedding(std::string_view body) const = 0;

    /// What a non-2xx answer means. `body` may be anything, `now` judges an HTTP-date in Retry-After.
    virtual failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                                 std::chrono::system_clock::time_point now) const = 0;

    /// The header that carries the credentials: {"authorization", "Bearer ..."}.
    virtual std::pair<std::string, std::string> authorization(secret const& key) const = 0;
};

/// What routing must know of an inbound request, found without building it.
struct request_facts {
    std::string model; ///< decoded
    bool stream = false;
    bool wants_usage = false; ///< the caller asked for the usage chunk
};

/// A request body as pieces of the caller's bytes with other values spliced in. The views point into the body
/// that was scanned and into `inserted`, which must not be moved while they are used.
struct spliced_body {
    std::array<std::string_view, 8> pieces{};
    std::size_t count = 0;
    std::array<std::string, 3> inserted{};
    std::size_t size() const noexcept
    {
        std::size_t n = 0;
        for (std::size_t i = 0; i != count; ++i) {
            n += pieces[i].size();
        }
        return n;
    }
};

/// What the express lane learnt from the bytes it relayed.
struct relay_facts {
    cogate::usage usage{};
    bool content_seen = false;      ///< some event carried content
    bool ended = false;             ///< the end mark was seen
    std::optional<failure> error{}; ///< the provider reported an error in-band
};

/// Watches the events of a relayed stream of one dialect, without decoding more than needed.
class stream_relay {
public:
    virtual ~stream_relay() = default;
    enum class verdict { forward, drop };
    /// `data` is the payload of one whole event; empty for comments.
    virtual verdict on_event(std::string_view data) = 0;
    virtual relay_facts const& facts() const noexcept = 0;
    /// As chat_stream_decoder::finish.
    virtual result<void> finish() = 0;
};

/// A request found by scanning, ready to be spliced. Made by `express_lane::read`; holds views of the body.
class express_request {
public:
    virtual ~express_request() = default;
    virtual request_facts const& facts() const noexcept = 0;
    /// The body for upstream: model replaced, usage asked for where the dialect has to be asked.
    virtual void splice(std::string_view upstream_model, spliced_body& out) const = 0;
};

/// Bytes stay bytes: the same dialect on both sides. Stateless, thread-safe.
class express_lane {
public:
    virtual ~express_lane() = default;
    /// Scans and validates the whole body; refuses duplicate fields, wrong types, a missing model.
    virtual result<std::unique_ptr<express_request>> read(std::string_view body) const = 0;
    /// For a streamed answer. `drop_usage`: the caller did not ask for the usage chunk.
    virtual std::unique_ptr<stream_relay> relay(request_facts const& facts) const = 0;
    /// For a whole answer: validates it is JSON and picks up usage and an in-band error.
    virtual result<relay_facts> inspect(std::string_view body) const = 0;
};

/// The server half of a dialect: what a client of the gateway sends and gets. Stateless, thread-safe.
class server_dialect {
public:
    virtual ~server_dialect() = default;

    virtual std::string_view name() const noexcept = 0;

    virtual result<chat_request> parse_chat(std::string_view body, bool& stream) const = 0;
    virtual void write_chat(chat_response const& response, std::string& out) const = 0;

    /// Appends whole SSE events. `wants_usage`: exactly one usage chunk at the end, else none.
    virtual void write_chunk(chat_chunk const& chunk, bool wants_usage, std::string& out) const = 0;
    /// The end mark of a good stream.
    virtual void write_end(std::string& out) const = 0;

    virtual result<embedding_request> parse_embedding(std::string_view body) const = 0;
    virtual void write_embedding(embedding_response const& response, embedding_request const& request,
                                 std::string& out) const = 0;

    /// The body of a refused or failed request.
    virtual void write_error(failure const& why, std::string& out) const = 0;
    /// The same inside a stream that has begun: whole SSE events, no end mark.
    virtual void write_stream_error(failure const& why, std::string& out) const = 0;

    virtual express_lane const& chat_express() const noexcept = 0;
    virtual express_lane const& embedding_express() const noexcept = 0;
};

} // namespace cogate::providers

#pragma once

#include <cogate/result.hpp>
#include <cogate/usage.hpp>

#include "lib/core/json/scanner.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers {

/// What the path and query of an inbound request said, for dialects that say it there (Gemini).
struct inbound_target {
    std::string_view model{}; ///< decoded; empty: the body names it
    bool stream = false;      ///< the path asks for a stream
    std::string_view query{}; ///< without "?"
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
    /// As event_decoder::finish.
    virtual result<void> finish() = 0;
};

/// Makes events of a stream that an upstream framed in another way. Stateful; not thread-safe.
class stream_reframer {
public:
    virtual ~stream_reframer() = default;
    /// Appends whole events. bad_gateway for bytes that are of no framing.
    virtual result<void> feed(std::string_view bytes, std::string& out) = 0;
    /// The bytes are over; `truncated` when they broke off.
    virtual result<void> finish() = 0;
};

/// A request found by scanning, ready to be spliced. Made by `express_lane::read`; holds views of the body.
class express_request {
public:
    virtual ~express_request() = default;
    virtual request_facts const& facts() const noexcept = 0;
    /// The body for upstream: model replaced, usage asked for where the dialect has to be asked.
    virtual void splice(std::string_view upstream_model, spliced_body& out) const = 0;
    /// The whole body that was scanned.
    virtual std::string_view body() const noexcept = 0;
    /// Its members' names, where the scan kept them.
    virtual json::key_list const* keys() const noexcept { return nullptr; }
};

/// Bytes stay bytes: the same dialect on both sides. Stateless, thread-safe.
class express_lane {
public:
    virtual ~express_lane() = default;
    /// Scans and validates the whole body; refuses duplicate fields, wrong types, a missing model.
    virtual result<std::unique_ptr<express_request>> read(std::string_view body,
                                                          inbound_target const& target) const = 0;
    /// For a streamed answer. Drops the usage chunk that the caller did not ask for.
    virtual std::unique_ptr<stream_relay> relay(request_facts const& facts) const = 0;
    /// For a streamed answer that begins with this byte, white space apart; nullptr when it is events as it should be.
    virtual std::unique_ptr<stream_reframer> reframer(char /*first*/, std::size_t /*max_event_bytes*/) const
    {
        return nullptr;
    }
    /// For a whole answer: validates it is JSON and picks up usage and an in-band error.
    virtual result<relay_facts> inspect(std::string_view body) const = 0;
};

} // namespace cogate::providers

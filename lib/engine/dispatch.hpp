#pragma once

#include <cogate/prices.hpp>
#include <cogate/result.hpp>
#include <cogate/usage.hpp>

#include "providers/client_dialect.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cogate::engine {

/// What the bytes of a read brought.
struct stream_signs {
    bool progress = false; ///< at least one whole event
    bool content = false;  ///< some of the answer itself, now or before
};

/// One request for one deployment, and the understanding of its answer. Made by `outgoing`, owned by its attempt: several
/// attempts of a call may run at once, each with its own.
class dispatch {
public:
    virtual ~dispatch() = default;
    dispatch() = default;
    dispatch(dispatch const&) = delete;
    dispatch& operator=(dispatch const&) = delete;

    /// Path after the deployment's base URL, and the body as pieces. All views live as long as the dispatch.
    struct parts {
        std::string_view path;
        std::span<std::string_view const> body;
        std::span<std::pair<std::string, std::string> const> headers{};
        std::string_view method = "POST";
        std::string_view content_type = "application/json";
        std::string_view accept = "application/json";
        providers::client_dialect const* dialect = nullptr; ///< which one speaks; understands the answer
        std::uint64_t more_bytes = 0; ///< of the body, that `more` gives; such a request cannot be sent twice
        bool raw =
            false; ///< passed through: the path begins at the origin, and an answer of any status is one
    };
    parts const& request() const noexcept { return request_; }

    /// The next bytes of a body that is sent as it comes in; valid until the next call. Empty: that was all of it.
    virtual boost::asio::awaitable<result<std::string_view>> more() { co_return std::string_view{}; }

    /// When an answer is one that the caller may have: until then a failure lets another attempt try.
    enum class ready {
        at_head,  ///< a good head; the caller reads the body as it comes
        whole,    ///< all of it came and `whole` took it
        streaming ///< `feed` found content, or `finish` the good end
    };
    virtual ready ready_when() const noexcept = 0;

    /// Understands a whole answer and keeps it. Its views live as long as the attempt.
    virtual result<void> whole(providers::whole_answer const&) { return {}; }
    /// Understands the next bytes of a stream and keeps what the caller has not taken yet.
    virtual result<stream_signs> feed(std::string_view) { return stream_signs{}; }
    virtual result<stream_signs> finish() { return stream_signs{}; }
    /// What the answer said of its tokens, so far.
    virtual usage used() const { return {}; }
    /// What it is charged for besides tokens (images, seconds, characters, searches).
    virtual billing_facts billed() const { return {}; }
    /// About how many tokens its prompt is, counted here; nothing when that is not known. Takes its time.
    virtual std::optional<std::int64_t> count_prompt() const { return {}; }
    /// Pieces of content that came so far: of most services each is a token.
    virtual std::int64_t content_pieces() const noexcept { return 0; }

protected:
    parts request_;
};

} // namespace cogate::engine

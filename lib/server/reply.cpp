#include "lib/server/reply.hpp"

#include "lib/server/explain.hpp"
#include "lib/wire/head_builder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

using std::chrono::steady_clock;

// Milliseconds with three decimals: microseconds are what an overhead is measured in.
class milliseconds_text {
public:
    explicit milliseconds_text(std::chrono::nanoseconds span)
    {
        std::int64_t const us = std::max<std::int64_t>(span.count() / 1000, 0);
        char* end = std::to_chars(text_.data(), text_.data() + 20, us / 1000).ptr;
        *end++ = '.';
        for (std::int64_t unit = 100; unit != 0; unit /= 10) {
            *end++ = static_cast<char>('0' + us / unit % 10);
        }
        size_ = static_cast<std::size_t>(end - text_.data());
    }
    std::string_view view() const { return {text_.data(), size_}; }

private:
    std::array<char, 32> text_{};
    std::size_t size_ = 0;
};

/// What the headers say, of a call that is there or is gone. Views of either.
struct call_view {
    std::string_view call_id;
    std::string_view deployment_id; ///< empty: nothing was asked
    int retries;
    int fallbacks;
    std::chrono::nanoseconds upstream;
    std::optional<money> cost;
    std::string route; ///< empty: not wanted
};

call_view view_of(engine::call const& about)
{
    return {.call_id = about.facts().call_id,
            .deployment_id = about.started() ? std::string_view(about.deployment().id) : std::string_view{},
            .retries = about.retries(),
            .fallbacks = about.fallbacks(),
            .upstream = about.upstream_time(),
            .cost = about.cost(),
            .route = about.explains() && about.started() ? explain(about.trace()) : std::string{}};
}

call_view view_of(engine::call_report const& about)
{
    return {.call_id = about.call_id,
            .deployment_id = about.deployment_id,
            .retries = about.retries,
            .fallbacks = about.fallbacks,
            .upstream = about.upstream,
            .cost = about.cost,
            .route = about.route.empty() ? std::string{} : explain(about.route)};
}

void add_call_headers(wire::head_builder& head, transports::inbound_request const& request,
                      call_view const& about)
{
    head.add("x-litellm-call-id", about.call_id);
    milliseconds_text const own{steady_clock::now() - request.received_at() - about.upstream};
    head.add("x-litellm-overhead-duration-ms", own.view());
    std::array<char, 128> timing{};
    std::size_t size = 0;
    auto const put = [&](std::string_view text) {
        size += text.copy(timing.data() + size, timing.size() - size);
    };
    put("cogate;dur=");
    put(own.view());
    if (!about.deployment_id.empty()) {
        head.add("x-litellm-model-id", about.deployment_id);
        head.add("x-litellm-attempted-retries", static_cast<std::uint64_t>(about.retries));
        head.add("x-litellm-attempted-fallbacks", static_cast<std::uint64_t>(about.fallbacks));
        if (about.cost) {
            head.add("x-litellm-response-cost", to_string(*about.cost));
        }
        if (!about.route.empty()) {
            head.add("x-cogate-route", about.route);
        }
        put(", upstream;dur=");
        put(milliseconds_text{about.upstream}.view());
    }
    head.add("server-timing", std::string_view(timing.data(), size));
}

} // namespace

body_framing stream_framing(transports::inbound_request& request) noexcept
{
    if (request.version() >= 11) {
        return body_framing::chunked;
    }
    request.close_after();
    return body_framing::close;
}

void write_head(std::string& out, transports::inbound_request const& request, int status,
                std::string_view content_type, body_framing framing, std::uint64_t length, about_call about,
                failure const* why)
{
    out.reserve(out.size() + 512);
    wire::response_head_builder head(out);
    head.start(status).add("content-type", content_type);
    switch (framing) {
    case body_framing::length: head.content_length(length); break;
    case body_framing::chunked: head.chunked(); break;
    case body_framing::close: break;
    }
    if (framing != body_framing::length) {
        // proxies in front must not hold events back
        head.add("cache-control", "no-cache").add("x-accel-buffering", "no");
    }
    if (about.call != nullptr) {
        add_call_headers(head, request, view_of(*about.call));
    } else if (about.report != nullptr && !about.report->call_id.empty()) {
        add_call_headers(head, request, view_of(*about.report));
    }
    if (about.paid != nullptr) {
        about.paid->add_headers(head);
    }
    if (why != nullptr && (*why)->retry_after) {
        auto const seconds = std::chrono::ceil<std::chrono::seconds>(*(*why)->retry_after).count();
        head.add("retry-after", static_cast<std::uint64_t>(seconds < 0 ? 0 : seconds));
    }
    if (why != nullptr && (*why)->kind == error_kind::quota_exceeded) {
        head.add("x-should-retry", "false"); // OpenAI's clients try every 429 again
    }
    if (why != nullptr && wire::valid_field_value((*why)->upstream_request_id) &&
        !(*why)->upstream_request_id.empty()) {
        head.add("llm_provider-x-request-id", (*why)->upstream_request_id);
    }
    if (!request.keep_alive()) {
        head.add("connection", "close");
    } else if (request.version() < 11) {
        head.add("connection", "keep-alive");
    }
    static_cast<void>(head.finish());
}

asio::awaitable<void> reply(transports::inbound_request& request, int status, std::string_view content_type,
                            std::string_view body, about_call about, failure const* why)
{
    if (about.paid != nullptr && !about.paid->is_committed()) {
        asio::awaitable<void> rows = about.paid->committed();
        co_await std::move(rows);
    }
    std::string head;
    write_head(head, request, status, content_type, body_framing::length, body.size(), about, why);
    std::array<std::string_view, 2> const pieces{head,
                                                 request.method() == "HEAD" ? std::string_view{} : body};
    co_await request.write(pieces);
}

asio::awaitable<void> reply_error(providers::server_dialect const& dialect,
                                  transports::inbound_request& request, failure why, about_call about)
{
    if (why->kind == error_kind::cancelled) {
        request.close_after();
        co_return;
    }
    std::string body;
    dialect.write_error(why, body);
    std::string head;
    write_head(head, request, dialect.error_status(why), json_type, body_framing::length, body.size(), about,
               &why);
    std::array<std::string_view, 2> const pieces{head,
                                                 request.method() == "HEAD" ? std::string_view{} : body};
    co_await request.write(pieces);
}

} // namespace cogate::server

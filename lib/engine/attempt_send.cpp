#include "lib/engine/attempt.hpp"

#include "lib/wire/head_builder.hpp"

#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {

// What was begun and not finished cannot be mended: its connection is closed.
asio::awaitable<result<void>> attempt::upload(std::uint64_t bytes)
{
    result<void> sent;
    while (sent && bytes != 0) {
        result<std::string_view> const piece = co_await dispatch_->more();
        if (!piece) {
            sent = piece.error();
        } else if (piece->empty() || piece->size() > bytes) {
            sent = failure{error_kind::invalid_request, "The body's length is not what was announced."};
        } else {
            bytes -= piece->size();
            request_bytes_ += piece->size();
            std::array<std::string_view, 1> const pieces{*piece};
            sent = co_await exchange_->send(pieces);
        }
    }
    if (!sent) {
        exchange_->cancel();
    }
    co_return sent;
}

// Rare: only services whose credentials are made for each request, or fetched.
asio::awaitable<result<providers::header_list>> attempt::authorise()
{
    if (deployment_.credential->how() == providers::credential::kind::token) {
        asio::awaitable<result<providers::header_list>> fetched =
            scope_->owner.tokens().fields(scope_->executor, deployment_);
        co_return co_await std::move(fetched);
    }
    dispatch::parts const& parts = dispatch_->request();
    std::string body;
    for (std::string_view piece : parts.body) {
        body += piece;
    }
    std::string const host = deployment_.endpoint.url.host_header();
    std::string target(parts.raw ? std::string_view{} : std::string_view(deployment_.endpoint.url.path));
    target += parts.path;
    bool const typed = !body.empty() || (parts.method != "GET" && parts.method != "DELETE");
    providers::signable const what{.method = parts.method,
                                   .host = host,
                                   .target = target,
                                   .body = body,
                                   .content_type = typed ? parts.content_type : std::string_view{}};
    co_return deployment_.credential->sign(what, std::chrono::system_clock::now());
}

bool attempt::write_head(providers::header_list const& signature, std::string& head) const
{
    dispatch::parts const& parts = dispatch_->request();
    std::uint64_t length = parts.more_bytes;
    for (std::string_view piece : parts.body) {
        length += piece.size();
    }
    head.reserve(512);
    wire::request_head_builder builder(head);
    std::string_view const base =
        parts.raw ? std::string_view{} : std::string_view(deployment_.endpoint.url.path);
    builder.start(parts.method, base, parts.path).add(deployment_.fields).add("accept", parts.accept);
    if (length != 0 || (parts.method != "GET" && parts.method != "DELETE")) {
        builder.add("content-type", parts.content_type).content_length(length);
    }
    for (auto const& [name, value] : signature) {
        builder.add(name, value);
    }
    for (auto const& [name, value] : parts.headers) {
        builder.add(name, value);
    }
    for (auto const& [name, value] : scope_->options.headers) {
        builder.add(name, value);
    }
    return builder.finish();
}

} // namespace cogate::engine

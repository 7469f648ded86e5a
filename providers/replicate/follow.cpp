#include "providers/replicate/codec.hpp"

#include "lib/wire/ascii.hpp"
#include "lib/wire/url.hpp"
#include "providers/common/bodies.hpp"

#include <algorithm>

namespace cogate::providers::replicate {

namespace {

constexpr std::chrono::milliseconds between_polls{500};

bool is_below(std::string_view host, std::string_view domain) noexcept
{
    return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

/// The key goes along, so only Replicate's own hosts, or one's own on this machine.
bool may_be_asked(std::string const& text)
{
    constexpr std::size_t longest_url = 2048;
    const std::optional<wire::url> url = text.size() <= longest_url ? wire::parse_url(text) : std::nullopt;
    if (!url) {
        return false;
    }
    const bool own = is_below(url->host, "replicate.com") || is_below(url->host, "replicate.net");
    return (own && url->tls) || url->host == "localhost" || url->host == "127.0.0.1" || url->host == "::1";
}

} // namespace

result<std::optional<follow_up>> follow(std::string_view body, bool stream)
{
    json::document doc;
    const result<json::value> opened = open_json(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    if (std::optional<failure> why = failed(root)) {
        return *std::move(why);
    }
    const json::value status = root["status"];
    const bool waiting = status.equals("starting") || status.equals("processing") || status.equals("queued");
    if (!waiting && !(stream && status.equals("succeeded"))) {
        return std::optional<follow_up>{};
    }
    follow_up next;
    next.stream = stream;
    next.url = root["urls"][stream ? "stream" : "get"].string();
    if (stream && next.url.empty()) {
        return failure(error_kind::invalid_request,
                       "this model of Replicate cannot stream; ask without 'stream'")
            .with_code("unsupported_parameter")
            .with_param("stream");
    }
    if (!may_be_asked(next.url)) {
        return nonsense("it says to ask on at a place that is not Replicate's");
    }
    next.wait = stream ? std::chrono::milliseconds(0) : between_polls;
    return std::optional<follow_up>(std::move(next));
}

} // namespace cogate::providers::replicate

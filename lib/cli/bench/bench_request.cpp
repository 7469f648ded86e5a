#include "lib/cli/bench/bench_request.hpp"

#include "lib/core/json/string.hpp"
#include "lib/wire/head_builder.hpp"

#include <array>
#include <stdexcept>

namespace cogate::cli {

namespace {

void append_words(std::string& out, std::size_t size)
{
    static constexpr std::array<std::string_view, 8> words{"explain ", "why ",  "the ",     "sky ",
                                                           "looks ",   "blue ", "at noon ", "and red "};
    const std::size_t end = out.size() + size;
    for (std::size_t i = 0; out.size() < end; ++i) {
        out.append(words[(i * 3 + i / 8) % words.size()]);
    }
    out.resize(end);
}

} // namespace

std::string render_bench_body(const bench_request& what)
{
    std::string body("{\"model\":");
    json::append_quoted(body, what.model);
    body.append(what.dialect == bench_dialect::anthropic_messages ? ",\"max_tokens\":1024" : "")
        .append(what.stream ? ",\"stream\":true" : "")
        .append(",\"messages\":[{\"role\":\"user\",\"content\":\"");
    constexpr std::string_view tail = "\"}]}";
    if (body.size() + tail.size() < what.body_bytes) {
        append_words(body, what.body_bytes - body.size() - tail.size());
    }
    return body.append(tail);
}

std::string render_bench_request(const bench_request& what, const wire::url& base)
{
    const std::string body = render_bench_body(what);
    std::string out;
    wire::request_head_builder head(out);
    const bool messages = what.dialect == bench_dialect::anthropic_messages;
    head.start("POST", base.path, messages ? "/messages" : "/chat/completions")
        .add("Host", base.host_header());
    head.add("Content-Type", "application/json")
        .add("Accept", what.stream ? "text/event-stream" : "application/json");
    if (messages) {
        head.add("anthropic-version", "2023-06-01");
    }
    if (!what.api_key.empty() && messages) {
        head.add("x-api-key", what.api_key);
    } else if (!what.api_key.empty()) {
        head.add("Authorization", "Bearer " + what.api_key);
    }
    if (!head.ok()) {
        throw std::invalid_argument("the API key holds a character that no header may have");
    }
    for (const auto& [name, value] : what.headers) {
        head.add(name, value);
        if (!head.ok()) {
            throw std::invalid_argument("the header '" + name + "' is refused");
        }
    }
    head.content_length(body.size());
    if (!head.finish()) {
        throw std::invalid_argument("the request cannot be written");
    }
    return out + body;
}

} // namespace cogate::cli

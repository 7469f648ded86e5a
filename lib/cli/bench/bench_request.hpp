#pragma once

#include "lib/wire/url.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::cli {

/// The API whose requests a load run sends and whose answers it expects.
enum class bench_dialect : std::uint8_t { openai_chat, anthropic_messages };

/// What every request of a load run says.
struct bench_request {
    std::string model;
    bench_dialect dialect = bench_dialect::openai_chat;
    bool stream = false;
    std::size_t body_bytes = 1024; ///< of the JSON body; less than its frame needs gives the smallest one
    std::string api_key{};         ///< sent as a bearer token or x-api-key; empty: none
    std::vector<std::pair<std::string, std::string>> headers{}; ///< more of them
};

/// The JSON body of exactly `body_bytes` bytes, its user message filled with words.
std::string render_bench_body(const bench_request& what);

/// Head and body for a chat completion or message below `base`. Throws std::invalid_argument when a header is refused; the
/// text names the header, never its value.
std::string render_bench_request(const bench_request& what, const wire::url& base);

} // namespace cogate::cli

#include "providers/anthropic_messages/token_usage.hpp"
#include "providers/common/token_count.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

using names = std::string_view;

constexpr std::array<names, 7> known = {"input_tokens",
                                        "output_tokens",
                                        "cache_creation_input_tokens",
                                        "cache_read_input_tokens",
                                        "cache_creation",
                                        "output_tokens_details",
                                        "service_tier"};
constexpr std::array<names, 2> known_creation = {"ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"};
constexpr std::array<names, 1> known_details = {"thinking_tokens"};
constexpr std::array<names, 4> inner = {"cache_creation", "output_tokens_details", "prompt_tokens_details",
                                        "completion_tokens_details"};

void raise(std::int64_t& to, json::value found) noexcept
{
    to = std::max(to, token_count(found));
}

} // namespace

void usage_reader::read(json::value object)
{
    if (!object.is_object()) {
        return;
    }
    reported_ = true;
    raise(input_, object["input_tokens"]);
    raise(output_, object["output_tokens"]);
    raise(cache_read_, object["cache_read_input_tokens"]);
    raise(cache_write_, object["cache_creation_input_tokens"]);
    const json::value creation = object["cache_creation"];
    raise(cache_write_1h_, creation["ephemeral_1h_input_tokens"]);
    const json::value details = object["output_tokens_details"];
    raise(thinking_, details["thinking_tokens"]);
    if (object["service_tier"].is_string()) {
        service_tier_ = object["service_tier"].string();
        if (service_tier_ == "standard") {
            service_tier_ = "default";
        }
    }
    for (json::member m : object.members()) {
        if (std::find(known.begin(), known.end(), m.key) == known.end() && !m.val.is_null()) {
            extra_.set(std::string(m.key), raw_json{std::string(m.val.raw())});
        }
    }
    keep_leftovers(creation, inner[0], known_creation, extra_);
    keep_leftovers(details, inner[1], known_details, extra_);
}

usage usage_reader::total() const
{
    usage out;
    out.reported = reported_;
    out.prompt_tokens = input_ + cache_read_ + cache_write_;
    out.completion_tokens = output_;
    out.total_tokens = out.prompt_tokens + out.completion_tokens;
    out.cached_tokens = cache_read_;
    out.cache_write_tokens = cache_write_;
    out.cache_write_1h_tokens = std::min(cache_write_1h_, cache_write_);
    out.reasoning_tokens = std::min(thinking_, output_);
    out.extra = extra_;
    return out;
}

void write_usage(raw_writer& to, usage const& tokens, std::string_view service_tier)
{
    json::writer& out = to.out();
    const std::int64_t read = std::clamp<std::int64_t>(tokens.cached_tokens, 0, tokens.prompt_tokens);
    const std::int64_t write =
        std::clamp<std::int64_t>(tokens.cache_write_tokens, 0, tokens.prompt_tokens - read);
    const std::int64_t hour = std::clamp<std::int64_t>(tokens.cache_write_1h_tokens, 0, write);
    out.begin_object();
    out.member("input_tokens", tokens.prompt_tokens - read - write);
    out.member("cache_creation_input_tokens", write).member("cache_read_input_tokens", read);
    out.key("cache_creation").begin_object();
    out.member(known_creation[0], write - hour).member(known_creation[1], hour);
    to.leftovers(tokens.extra, inner[0]);
    out.end_object();
    out.member("output_tokens", tokens.completion_tokens);
    if (tokens.reasoning_tokens > 0 || tokens.extra.find(inner[1]) != nullptr) {
        out.key("output_tokens_details").begin_object().member("thinking_tokens", tokens.reasoning_tokens);
        to.leftovers(tokens.extra, inner[1]);
        out.end_object();
    }
    if (!service_tier.empty()) {
        out.member("service_tier", service_tier == "default" ? std::string_view("standard") : service_tier);
    }
    for (auto const& [key, value] : tokens.extra) {
        const bool taken = std::find(known.begin(), known.end(), key) != known.end() ||
                           std::find(inner.begin(), inner.end(), key) != inner.end();
        if (!taken) {
            to.member(key, value);
        }
    }
    out.end_object();
}

} // namespace cogate::providers::anthropic_messages

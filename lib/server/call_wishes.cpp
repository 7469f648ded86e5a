#include "lib/server/call_wishes.hpp"

#include "lib/core/text.hpp"
#include "lib/wire/header.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::server {
namespace {

constexpr std::size_t most_tags = 32;
constexpr std::int64_t most_retries = 16;

failure bad_field(std::string_view name, std::string_view wants)
{
    return failure{error_kind::invalid_request,
                   "The header " + std::string(name) + " must be " + std::string(wants) + "."}
        .with_code("invalid_header")
        .with_param(std::string(name));
}

result<void> read_tags(std::string_view list, std::vector<std::string>& to)
{
    while (!list.empty()) {
        std::string_view const one = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), one.size() + 1));
        std::string_view const tag = core::trim(one);
        if (tag.empty()) {
            continue;
        }
        if (to.size() == most_tags) {
            return bad_field("x-litellm-tags", "at most 32 tags");
        }
        to.emplace_back(tag);
    }
    return {};
}

result<std::optional<std::int64_t>> read_number(std::string_view value, std::string_view name,
                                                std::int64_t low, std::int64_t high)
{
    std::optional<std::int64_t> const number = core::parse_int<std::int64_t>(core::trim(value));
    if (!number || *number < low || *number > high) {
        return bad_field(name, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    }
    return number;
}

} // namespace

result<call_options> read_wishes(transports::inbound_request const& request)
{
    constexpr std::int64_t day_ms = 86'400'000;
    call_options out;
    for (wire::header const& field : request.headers()) {
        // all of them begin with x-; nothing else is looked at
        if (field.name.size() < 12 || (field.name.front() | 0x20) != 'x' || field.name[1] != '-') {
            continue;
        }
        if (core::iequals(field.name, "x-cogate-timeout-ms")) {
            auto const ms = read_number(field.value, "x-cogate-timeout-ms", 1, day_ms);
            if (!ms) {
                return ms.error();
            }
            out.timeout = std::chrono::milliseconds(**ms);
        } else if (core::iequals(field.name, "x-litellm-timeout")) {
            auto const seconds = read_number(field.value, "x-litellm-timeout", 1, day_ms / 1'000);
            if (!seconds) {
                return seconds.error();
            }
            out.timeout = std::chrono::seconds(**seconds);
        } else if (core::iequals(field.name, "x-litellm-num-retries")) {
            auto const retries = read_number(field.value, "x-litellm-num-retries", 0, most_retries);
            if (!retries) {
                return retries.error();
            }
            routing_options routing = out.routing.value_or(routing_options{});
            routing.num_retries = static_cast<int>(**retries);
            out.routing = std::move(routing);
        } else if (core::iequals(field.name, "x-cogate-priority")) {
            std::string_view const word = core::trim(field.value);
            if (word != "interactive" && word != "batch") {
                return bad_field("x-cogate-priority", "'interactive' or 'batch'");
            }
            out.priority = word == "batch" ? call_priority::batch : call_priority::interactive;
        } else if (core::iequals(field.name, "x-cogate-explain")) {
            out.explain = core::trim(field.value) == "1";
        } else if (core::iequals(field.name, "x-litellm-tags")) {
            if (result<void> const tags = read_tags(field.value, out.tags); !tags) {
                return tags.error();
            }
        }
    }
    return out;
}

} // namespace cogate::server

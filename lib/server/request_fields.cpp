#include "lib/server/request_fields.hpp"

#include "lib/core/json/document.hpp"
#include "lib/server/request_members.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace cogate::server {
namespace {

constexpr std::size_t most_fallbacks = 16;
constexpr std::size_t most_tags = 32;
constexpr std::int64_t most_retries = 16;

failure bad_field(std::string_view name, std::string_view wants)
{
    return failure{error_kind::invalid_request,
                   "'" + std::string(name) + "' must be " + std::string(wants) + "."}
        .with_code("invalid_value")
        .with_param(std::string(name));
}

result<void> read_fallbacks(request_members const& from, std::vector<std::string>& to)
{
    json::document list;
    json::scan_error error;
    if (!list.parse(from.text(fallbacks), error) || !list.root().is_array() ||
        list.root().size() > most_fallbacks) {
        return bad_field("fallbacks", "a list of at most 16 models");
    }
    for (json::value const each : list.root()) {
        // what else an object may hold in LiteLLM changes the request; dropping it would answer another question
        bool const object = each.is_object() && each.size() == 1;
        json::value const name = object ? each["model"] : each;
        if (!name.is_string()) {
            return bad_field("fallbacks",
                             "a list of model names, or of objects that hold 'model' and nothing else");
        }
        to.push_back(name.string());
    }
    return {};
}

result<void> read_tags(json::value list, std::string_view name, std::vector<std::string>& to)
{
    if (!list.is_array()) {
        return bad_field(name, "a list of texts");
    }
    for (json::value const each : list) {
        if (!each.is_string()) {
            return bad_field(name, "a list of texts");
        }
        std::string tag = each.string();
        if (tag.empty() || std::find(to.begin(), to.end(), tag) != to.end()) {
            continue;
        }
        if (to.size() == most_tags) {
            return bad_field(name, "at most 32 tags, together with those of the header");
        }
        to.push_back(std::move(tag));
    }
    return {};
}

result<void> read_all_tags(request_members const& from, std::vector<std::string>& to)
{
    json::document parsed;
    json::scan_error error;
    if (from.kind(tags) != json::kind::null) {
        parsed.parse(from.text(tags), error);
        if (result<void> const read = read_tags(parsed.root(), "tags", to); !read) {
            return read;
        }
    }
    // with text as its value "tags" is a key of the client's own
    if (from.kind(metadata) == json::kind::object && parsed.parse(from.text(metadata), error) &&
        parsed.root()["tags"].is_array()) {
        return read_tags(parsed.root()["tags"], "metadata.tags", to);
    }
    return {};
}

result<bool> read_flag(request_members const& from, request_field which)
{
    switch (from.kind(which)) {
    case json::kind::null: return false;
    case json::kind::boolean: return from.text(which) == "true";
    default: return bad_field(request_field_names[which], "true or false");
    }
}

result<std::optional<error_kind>> read_mock(request_members const& from)
{
    constexpr std::array<std::pair<request_field, error_kind>, 5> kinds{
        {{mock_fallbacks, error_kind::internal_server},
         {mock_context, error_kind::context_window_exceeded},
         {mock_context_window, error_kind::context_window_exceeded},
         {mock_content_policy, error_kind::content_policy_violation},
         {mock_rate_limit, error_kind::rate_limit}}};
    std::optional<error_kind> out;
    for (auto const& [which, kind] : kinds) {
        result<bool> const wanted = read_flag(from, which);
        if (!wanted) {
            return wanted.error();
        }
        if (*wanted && !out) {
            out = kind;
        }
    }
    return out;
}

result<void> read_retries(request_members const& from, std::optional<int>& to)
{
    if (from.kind(num_retries) == json::kind::null) {
        return {};
    }
    json::document number;
    json::scan_error error;
    number.parse(from.text(num_retries), error);
    std::optional<std::int64_t> const count = number.root().as_int64();
    if (!count || *count < 0 || *count > most_retries) {
        return bad_field("num_retries", "a whole number from 0 to 16");
    }
    to = to.value_or(static_cast<int>(*count));
    return {};
}

result<void> read_routing(request_members const& from, routing_options& to)
{
    if (from.kind(fallbacks) != json::kind::null) {
        if (result<void> const read = read_fallbacks(from, to.fallbacks); !read) {
            return read;
        }
    }
    result<bool> const none = read_flag(from, disable_fallbacks);
    if (!none) {
        return none.error();
    }
    to.disable_fallbacks = *none;
    if (result<void> const read = read_retries(from, to.num_retries); !read) {
        return read;
    }
    result<std::optional<error_kind>> const mock = read_mock(from);
    if (!mock) {
        return mock.error();
    }
    if (*mock) {
        to.fail_first = *mock;
        to.num_retries = 0; // as in LiteLLM: straight on to the fallback
    }
    return {};
}

} // namespace

result<std::optional<std::string>> take_request_fields(std::string_view body, call_options& to)
{
    if (!may_hold_a_field(body)) {
        return std::optional<std::string>{};
    }
    request_members const found(body);
    if (!found.any()) {
        return std::optional<std::string>{};
    }
    for (request_field const place : {api_base, api_key, base_url}) {
        if (found.kind(place) != json::kind::null) {
            return failure{
                error_kind::invalid_request,
                "'" + std::string(request_field_names[place]) +
                    "' cannot be chosen by a request: where calls go and with which key is the gateway's."}
                .with_code("client_side_credentials")
                .with_param(std::string(request_field_names[place]));
        }
    }
    if (result<void> const read = read_all_tags(found, to.tags); !read) {
        return read.error();
    }
    if (found.routes()) {
        routing_options routing = to.routing.value_or(routing_options{});
        if (result<void> const read = read_routing(found, routing); !read) {
            return read.error();
        }
        to.routing = std::move(routing);
    }
    return found.removable() ? std::optional<std::string>(found.without()) : std::nullopt;
}

} // namespace cogate::server

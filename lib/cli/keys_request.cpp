#include "lib/cli/keys_request.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/writer.hpp"
#include "lib/core/text.hpp"
#include "lib/wire/url.hpp"

#include <cogate/money.hpp>

#include <string_view>
#include <utility>

namespace cogate::cli {

namespace {

providers::encoded_request get(std::string path)
{
    return {.path = std::move(path), .body = {}, .headers = {}, .method = "GET"};
}

providers::encoded_request post(std::string path, std::string body)
{
    return {.path = std::move(path), .body = std::move(body)};
}

void add_parameter(std::string& path, std::string_view name, std::string_view value)
{
    path += path.find('?') == std::string::npos ? '?' : '&';
    path += name;
    path += '=';
    wire::append_percent_encoded(path, value);
}

failure wrong(std::string_view flag, std::string_view why)
{
    return failure{error_kind::invalid_request, std::string(flag) + ": " + std::string(why)}.with_param(
        std::string(flag));
}

void write_list(json::writer& to, std::string_view name, std::vector<std::string> const& lists)
{
    if (lists.empty()) {
        return;
    }
    to.key(name).begin_array();
    for (std::string const& list : lists) {
        for (std::string_view const piece : core::split(list, ',')) {
            if (!core::trim(piece).empty()) {
                to.value(core::trim(piece));
            }
        }
    }
    to.end_array();
}

template <class T>
void write_if(json::writer& to, std::string_view name, std::optional<T> const& value)
{
    if (value) {
        to.member(name, *value);
    }
}

result<void> write_wishes(json::writer& to, key_wishes const& wishes)
{
    write_if(to, "key_alias", wishes.alias);
    write_if(to, "user_id", wishes.user);
    write_if(to, "team_id", wishes.team);
    write_if(to, "organization_id", wishes.organisation);
    write_if(to, "key_type", wishes.type);
    if (wishes.max_budget) {
        std::optional<money> const amount = money::parse(*wishes.max_budget);
        if (!amount || amount->nanos() < 0) {
            return wrong("--max-budget",
                         "'" + *wishes.max_budget + "' is no amount of dollars such as 12.50");
        }
        to.raw_member("max_budget", to_string(*amount));
    }
    write_if(to, "budget_duration", wishes.budget_duration);
    write_if(to, "duration", wishes.duration);
    write_if(to, "rpm_limit", wishes.requests_per_minute);
    write_if(to, "tpm_limit", wishes.tokens_per_minute);
    write_if(to, "max_parallel_requests", wishes.parallel_requests);
    write_list(to, "models", wishes.models);
    write_list(to, "tags", wishes.tags);
    if (wishes.metadata) {
        json::document read;
        json::parse_error fault;
        if (!read.parse(*wishes.metadata, fault) || !read.root().is_object()) {
            return wrong("--metadata", "must be a JSON object such as {\"project\":\"search\"}");
        }
        to.raw_member("metadata", *wishes.metadata);
    }
    return {};
}

} // namespace

bool key_wishes::empty() const noexcept
{
    return !alias && !user && !team && !organisation && !type && !max_budget && !budget_duration &&
           !duration && !metadata && !requests_per_minute && !tokens_per_minute && !parallel_requests &&
           models.empty() && tags.empty();
}

result<providers::encoded_request> create_key_request(key_wishes const& wishes)
{
    std::string body;
    json::writer to(body);
    to.begin_object();
    if (result<void> const written = write_wishes(to, wishes); !written) {
        return written.error();
    }
    to.end_object();
    return post("/key/generate", std::move(body));
}

result<providers::encoded_request> update_key_request(std::string const& key, key_wishes const& wishes)
{
    if (wishes.empty()) {
        return failure{error_kind::invalid_request,
                       "there is nothing to change; see `cogate keys update --help`"};
    }
    std::string body;
    json::writer to(body);
    to.begin_object().member("key", key);
    if (result<void> const written = write_wishes(to, wishes); !written) {
        return written.error();
    }
    to.end_object();
    return post("/key/update", std::move(body));
}

providers::encoded_request list_keys_request(key_filter const& filter, std::int64_t page)
{
    std::string path = "/key/list?return_full_object=true&size=100";
    add_parameter(path, "page", std::to_string(page));
    for (auto const& [name, value] : {std::pair{"user_id", &filter.user}, std::pair{"team_id", &filter.team},
                                      std::pair{"key_alias", &filter.alias}}) {
        if (!value->empty()) {
            add_parameter(path, name, *value);
        }
    }
    return get(std::move(path));
}

providers::encoded_request key_info_request(std::string const& key)
{
    std::string path = "/key/info";
    add_parameter(path, "key", key);
    return get(std::move(path));
}

providers::encoded_request delete_keys_request(std::vector<std::string> const& keys)
{
    std::string body;
    json::writer to(body);
    to.begin_object().key("keys").begin_array();
    for (std::string const& key : keys) {
        to.value(key);
    }
    to.end_array().end_object();
    return post("/key/delete", std::move(body));
}

providers::encoded_request key_action_request(std::string path, std::string const& key)
{
    std::string body;
    json::writer(body).begin_object().member("key", key).end_object();
    return post(std::move(path), std::move(body));
}

providers::encoded_request regenerate_key_request(std::string const& key, std::string const& grace_period)
{
    std::string body;
    json::writer to(body);
    to.begin_object().member("key", key);
    if (!grace_period.empty()) {
        to.member("grace_period", grace_period);
    }
    to.end_object();
    return post("/key/regenerate", std::move(body));
}

} // namespace cogate::cli

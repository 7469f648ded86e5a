#include "lib/ledger/export.hpp"
#include "lib/server/manage/spend_json.hpp"

#include <array>
#include <chrono>
#include <utility>

namespace cogate::server::manage {
namespace {

void write_instant(json::writer& to, std::string_view name, ledger::moment when)
{
    write_text(to, name, ledger::rfc3339(when));
}

void write_metadata(json::writer& to, ledger::entry const& e, ledger::directory const& in)
{
    ledger::key_ptr const key = in.find_key(e.who->key);
    to.key("metadata").begin_object();
    write_text(to, "user_api_key", e.who->key);
    write_text(to, "user_api_key_alias", key ? std::string_view(key->alias) : std::string_view());
    write_text(to, "user_api_key_user_id", e.who->user);
    write_text(to, "user_api_key_team_id", e.who->team);
    write_text(to, "user_api_key_org_id", e.who->organisation);
    to.member("status", e.is_settled() ? "success" : "failure").member("http_status", e.status);
    to.member("attempt", e.attempt);
    constexpr std::array<std::pair<std::uint32_t, std::string_view>, 5> facts{
        {{ledger::flag::estimated, "estimated"},
         {ledger::flag::cancelled, "cancelled"},
         {ledger::flag::recovered, "recovered"},
         {ledger::flag::truncated, "truncated"},
         {ledger::flag::unpriced, "unpriced"}}};
    for (auto const& [bit, name] : facts) {
        if ((e.flags & bit) != 0) {
            to.member(name, true);
        }
    }
    to.key("additional_usage_values").begin_object();
    to.member("cache_read_input_tokens", e.tokens.cached);
    to.member("cache_creation_input_tokens", e.tokens.cache_write);
    to.member("reasoning_tokens", e.tokens.reasoning).end_object();
    to.end_object();
}

} // namespace

std::string const& model_of(std::string const& group, std::string const& upstream) noexcept
{
    return upstream.empty() ? group : upstream;
}

void write_spend_log(json::writer& to, ledger::entry const& e, ledger::directory const& in)
{
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    to.begin_object().member("request_id", e.request_id).member("call_type", e.who->call_type);
    to.member("api_key", e.who->key);
    write_dollars(to, "spend", e.spent);
    to.member("total_tokens", e.tokens.prompt + e.tokens.completion).member("prompt_tokens", e.tokens.prompt);
    to.member("completion_tokens", e.tokens.completion);
    write_instant(to, "startTime", e.started);
    write_instant(to, "endTime", e.ended);
    write_instant(to, "completionStartTime", e.first_token);
    to.member("request_duration_ms", duration_cast<milliseconds>(e.ended - e.started).count());
    to.member("model", model_of(e.who->model, e.who->upstream_model)).member("model_id", e.who->deployment);
    to.member("model_group", e.who->model).member("custom_llm_provider", e.who->provider);
    to.member("api_base", "").member("user", e.who->user);
    write_metadata(to, e, in);
    to.member("cache_hit", (e.flags & ledger::flag::cached) != 0 ? "True" : "False").member("cache_key", "");
    to.key("request_tags").begin_array();
    for (std::string const& tag : e.who->tags) {
        to.value(tag);
    }
    to.end_array();
    write_text(to, "team_id", e.who->team);
    write_text(to, "organization_id", e.who->organisation);
    to.member("end_user", e.who->end_user);
    to.member("requester_ip_address", nullptr).member("session_id", nullptr);
    to.member("status", e.is_settled() ? "success" : "failure");
    to.raw_member("messages", "{}").raw_member("response", "{}").raw_member("proxy_server_request", "{}");
    to.end_object();
}

} // namespace cogate::server::manage

#include "lib/server/manage/activity_breakdown.hpp"

#include "lib/server/manage/spend_json.hpp"
#include "lib/server/manage/spend_query.hpp"

namespace cogate::server::manage {
namespace {

void add(activity_parts& to, std::string const& name, ledger::activity_cell const& cell)
{
    if (name.empty()) {
        return;
    }
    activity_part& part = to[name];
    part.all.add(cell);
    if (!cell.key.empty()) {
        part.keys[cell.key].add(cell);
    }
}

void write_object(json::writer& to, activity_metrics const& what)
{
    to.key("metrics").begin_object();
    write_metrics(to, what);
    to.end_object();
}

void write_keys(json::writer& to, std::string_view name, std::map<std::string, activity_metrics> const& keys,
                ledger::directory const& in)
{
    to.key(name).begin_object();
    for (auto const& [digest, sums] : keys) {
        ledger::key_ptr const key = in.find_key(digest);
        to.key(digest).begin_object();
        write_object(to, sums);
        to.key("metadata").begin_object();
        write_text(to, "key_alias", key ? std::string_view(key->alias) : std::string_view());
        write_text(to, "team_id", key ? std::string_view(key->team) : std::string_view());
        write_text(to, "user_id", key ? std::string_view(key->user) : std::string_view());
        to.member("key_exists", key != nullptr).end_object().end_object();
    }
    to.end_object();
}

void write_parts(json::writer& to, std::string_view name, activity_parts const& parts,
                 ledger::directory const& in)
{
    to.key(name).begin_object();
    for (auto const& [id, part] : parts) {
        to.key(id).begin_object();
        write_object(to, part.all);
        to.raw_member("metadata", "{}");
        write_keys(to, "api_key_breakdown", part.keys, in);
        to.end_object();
    }
    to.end_object();
}

} // namespace

void activity_metrics::add(ledger::activity_cell const& cell) noexcept
{
    of += cell.of;
    cached_tokens += cell.cached_tokens;
    cache_write_tokens += cell.cache_write_tokens;
}

void activity_day::add(ledger::activity_cell const& cell,
                       std::function<bool(std::string const&)> const& shows)
{
    all.add(cell);
    manage::add(models, model_of(cell.model, cell.upstream_model), cell);
    manage::add(model_groups, cell.model, cell);
    manage::add(providers, cell.provider, cell);
    for (std::string const& entity : cell.entities) {
        if (shows(entity)) {
            manage::add(entities, entity, cell);
        }
    }
    if (!cell.key.empty()) {
        keys[cell.key].add(cell);
    }
}

void write_metrics(json::writer& to, activity_metrics const& what, std::string_view prefix)
{
    auto const name = [&](std::string_view plain) { return std::string(prefix) + std::string(plain); };
    write_dollars(to, name("spend"), what.of.spent);
    to.member(name("prompt_tokens"), what.of.prompt_tokens);
    to.member(name("completion_tokens"), what.of.completion_tokens);
    // LiteLLM says "total_tokens" with and without the prefix.
    to.member("total_tokens", what.of.prompt_tokens + what.of.completion_tokens);
    to.member(name("api_requests"), what.of.calls + what.of.failed);
    to.member(name("successful_requests"), what.of.calls).member(name("failed_requests"), what.of.failed);
    to.member(name("cache_read_input_tokens"), what.cached_tokens);
    to.member(name("cache_creation_input_tokens"), what.cache_write_tokens);
}

void write_day(json::writer& to, std::chrono::sys_days day, activity_day const& what,
               ledger::directory const& in)
{
    to.begin_object().member("date", date_text(day));
    write_object(to, what.all);
    to.key("breakdown").begin_object().raw_member("mcp_servers", "{}");
    write_parts(to, "models", what.models, in);
    write_parts(to, "model_groups", what.model_groups, in);
    write_parts(to, "providers", what.providers, in);
    to.raw_member("endpoints", "{}");
    write_keys(to, "api_keys", what.keys, in);
    write_parts(to, "entities", what.entities, in);
    to.end_object().end_object();
}

} // namespace cogate::server::manage

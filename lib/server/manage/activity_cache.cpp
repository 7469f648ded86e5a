#include "lib/ledger/report_call_types.hpp"
#include "lib/server/manage/activity_handlers.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/spend_json.hpp"
#include "lib/server/manage/spend_query.hpp"

#include <algorithm>
#include <cstdint>

namespace cogate::server::manage {
namespace {

using ledger::scope_kind;

constexpr std::size_t most_models = 1000;
constexpr std::int64_t none = 0;

/// Rows of any of the keys with these aliases, or of any of the models.
void add_choices(managed const& what, query& asked, ledger::row_filter& to)
{
    std::vector<std::string> const aliases = asked.all("key_aliases");
    std::vector<std::string> const models = asked.all("models");
    if (!aliases.empty() && models.size() > 1) {
        asked.blame("models", "The query parameter 'models' may be said once beside 'key_aliases'.");
    }
    for (std::string const& alias : aliases) {
        ledger::key_ptr const key = what.at.directory().find_key_by_alias(alias);
        to.any_of.push_back({scope_kind::key, key != nullptr ? key->digest : std::string("no such key")});
    }
    for (std::string const& model : models) {
        (aliases.empty() ? to.any_of : to.all_of).push_back({scope_kind::model, model});
    }
}

void write_counts(json::writer& to, ledger::counts const& of)
{
    to.member("api_requests", of.calls).member("cache_hits", none).member("failed_requests", of.failed);
    to.member("cached_completion_tokens", none).member("generated_completion_tokens", of.completion_tokens);
}

void write_names(json::writer& to, std::string_view name, std::vector<std::string> const& all)
{
    to.key(name).begin_array();
    for (std::string const& one : all) {
        to.value(one);
    }
    to.end_array();
}

std::vector<std::string> seen_aliases(managed const& what)
{
    std::vector<std::string> out;
    for (ledger::key_ptr const& key : what.at.directory().keys()) {
        if (!key->alias.empty() && may_see(what.who, *key, what.at.directory())) {
            out.push_back(key->alias);
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

// This gateway keeps no answers: every call is one that a provider answered, and none is a hit.
result<std::string> global_cache_activity(managed const& what)
{
    query asked(what.query);
    result<time_span> const span = read_dates(asked, without_dates::refused, what.now);
    if (!span) {
        return span.error();
    }
    result<ledger::row_filter> filter = read_filter(what, asked, *span);
    if (!filter) {
        return filter.error();
    }
    result<ledger::owner_sums> const models =
        ledger::sums_by(what.at.ledger_path(), scope_kind::model, *filter, most_models);
    if (!models) {
        return models.error();
    }
    add_choices(what, asked, *filter);
    if (asked.fault()) {
        return *asked.fault();
    }
    result<std::vector<ledger::call_type_sum>> const groups =
        ledger::sums_by_call_type(what.at.ledger_path(), *filter);
    if (!groups) {
        return groups.error();
    }
    std::string out;
    json::writer to(out);
    to.begin_object().key("groups").begin_array();
    ledger::counts all;
    for (ledger::call_type_sum const& one : *groups) {
        to.begin_object().member("call_type", one.call_type.empty() ? "Unknown" : one.call_type);
        write_counts(to, one.of);
        to.end_object();
        all += one.of;
    }
    to.end_array().key("totals").begin_object();
    write_counts(to, all);
    to.member("cache_hit_ratio", none).end_object();
    std::vector<std::string> names;
    for (ledger::owner_sum const& one : models->owners) {
        names.push_back(one.id);
    }
    std::sort(names.begin(), names.end());
    to.key("filter_options").begin_object();
    write_names(to, "key_aliases", seen_aliases(what));
    write_names(to, "models", names);
    to.end_object().end_object();
    return out;
}

} // namespace cogate::server::manage

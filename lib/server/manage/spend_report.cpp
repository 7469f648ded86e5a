#include "lib/server/manage/spend_handlers.hpp"
#include "lib/server/manage/spend_json.hpp"
#include "lib/server/manage/spend_query.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace cogate::server::manage {
namespace {

using ledger::scope_kind;

/// A report's lines: what one key spent on one model.
using lines = std::map<std::pair<std::string, std::string>, ledger::counts>; // by model, key

struct group {
    ledger::nanos spent = 0;
    lines parts;
};

result<ledger::activity> read_activity(managed const& what, ledger::row_filter const& filter,
                                       std::optional<scope_kind> entity)
{
    result<ledger::activity> out = ledger::activity_of(what.at.ledger_path(), filter, entity);
    // These lists have no place to say that keys and models are known no more.
    if (out && out->rows_from) {
        return rows_deleted(*out->rows_from);
    }
    return out;
}

std::string name_of(managed const& what, scope_kind by, ledger::activity_cell const& cell)
{
    std::string const id = cell.entities.empty() ? std::string() : cell.entities.front();
    if (by != scope_kind::team) {
        return id;
    }
    if (id.empty()) {
        return "Unassigned Team";
    }
    ledger::team_ptr const team = what.at.directory().find_team(id);
    return team && !team->alias.empty() ? team->alias : id;
}

void write_lines(json::writer& to, lines const& parts)
{
    to.key("metadata").begin_array();
    for (auto const& [name, of] : parts) {
        to.begin_object().member("model", name.first).member("api_key", name.second);
        write_dollars(to, "spend", of.spent);
        to.member("total_tokens", of.prompt_tokens + of.completion_tokens).end_object();
    }
    to.end_array();
}

/// Days, their teams or customers, and what of each their keys spent on which model.
result<std::string> by_day(managed const& what, ledger::row_filter const& filter, scope_kind by,
                           std::string_view list, std::string_view name,
                           std::optional<std::string> const& customer)
{
    result<ledger::activity> const activity = read_activity(what, filter, by);
    if (!activity) {
        return activity.error();
    }
    std::map<std::chrono::sys_days, std::map<std::string, group>> days;
    for (ledger::activity_cell const& cell : activity->cells) {
        group& one = days[cell.day][name_of(what, by, cell)];
        one.spent += cell.of.spent;
        one.parts[{model_of(cell.model, cell.upstream_model), cell.key}] += cell.of;
    }
    std::string out;
    json::writer to(out);
    to.begin_array();
    for (auto const& [day, groups] : days) {
        to.begin_object().member("group_by_day", date_text(day) + "T00:00:00+00:00").key(list).begin_array();
        for (auto const& [id, one] : groups) {
            to.begin_object().member(name, id);
            if (customer) {
                to.member("customer", *customer);
            }
            write_dollars(to, "total_spend", one.spent);
            write_lines(to, one.parts);
            to.end_object();
        }
        to.end_array().end_object();
    }
    to.end_array();
    return out;
}

void write_cost(json::writer& to, ledger::counts const& of)
{
    write_dollars(to, "total_cost", of.spent);
    to.member("total_input_tokens", of.prompt_tokens).member("total_output_tokens", of.completion_tokens);
}

/// Keys, who spent most first, and what each spent on which model.
result<std::string> by_key(managed const& what, ledger::row_filter const& filter)
{
    result<ledger::activity> const activity = read_activity(what, filter, std::nullopt);
    if (!activity) {
        return activity.error();
    }
    std::map<std::string, std::pair<ledger::counts, std::map<std::string, ledger::counts>>> keys;
    for (ledger::activity_cell const& cell : activity->cells) {
        auto& [all, models] = keys[cell.key];
        all += cell.of;
        models[model_of(cell.model, cell.upstream_model)] += cell.of;
    }
    std::vector<decltype(keys)::const_iterator> order;
    for (auto each = keys.cbegin(); each != keys.cend(); ++each) {
        order.push_back(each);
    }
    std::stable_sort(order.begin(), order.end(), [](auto const& a, auto const& b) {
        return a->second.first.spent > b->second.first.spent;
    });
    std::string out;
    json::writer to(out);
    to.begin_array();
    for (auto const& each : order) {
        to.begin_object().member("api_key", each->first);
        write_cost(to, each->second.first);
        to.key("model_details").begin_array();
        for (auto const& [model, of] : each->second.second) {
            to.begin_object().member("model", model);
            write_cost(to, of);
            to.end_object();
        }
        to.end_array().end_object();
    }
    to.end_array();
    return out;
}

} // namespace

result<std::string> global_spend_report(managed const& what)
{
    query asked(what.query);
    result<time_span> const span = read_dates(asked, without_dates::refused, what.now);
    if (!span) {
        return span.error();
    }
    result<ledger::row_filter> filter = read_filter(what, asked, *span);
    std::string const by = asked.one("group_by").value_or("team");
    std::optional<std::string> const user = asked.one("internal_user_id");
    std::optional<std::string> const customer = asked.one("customer_id");
    bool const has_key = asked.one("api_key").has_value();
    bool const has_team = asked.one("team_id").has_value();
    if (asked.fault()) {
        return *asked.fault();
    }
    if (!filter) {
        return filter.error();
    }
    if (user) {
        filter->all_of.push_back({scope_kind::user, *user});
    }
    if (customer) {
        filter->all_of.push_back({scope_kind::end_user, *customer});
    }
    if (by == "api_key" || has_key || user) {
        return by_key(what, *filter);
    }
    if (has_team && customer) {
        return by_day(what, *filter, scope_kind::team, "teams_customers", "team_name", customer);
    }
    if (by == "team") {
        return by_day(what, *filter, scope_kind::team, "teams", "team_name", std::nullopt);
    }
    if (by == "customer") {
        return by_day(what, *filter, scope_kind::end_user, "customers", "customer", std::nullopt);
    }
    return failure{error_kind::invalid_request, "'group_by' must be team, customer or api_key."}.with_param(
        "group_by");
}

} // namespace cogate::server::manage

#include "lib/server/manage/terms.hpp"

#include "lib/ledger/scope.hpp"

#include <utility>

namespace cogate::server::manage {
namespace {

using ledger::model_terms;
using per_model = std::map<std::string, model_terms, std::less<>>;

void drop_empty(per_model& all)
{
    std::erase_if(all, [](auto const& one) { return one.second == model_terms{}; });
}

// {model: {"budget_limit": 1, "time_period": "1d"}}; the words of /budget and a bare amount are taken too.
void read_model_budgets(fields& from, per_model& to)
{
    constexpr std::string_view name = "model_max_budget";
    if (!from.has(name)) {
        return;
    }
    for (auto& [model, has] : to) {
        has.max_budget.reset();
        has.budget_duration.clear();
    }
    json::value const said = from.value(name);
    if (said.exists() && !said.is_object()) {
        from.blame(name, "must be an object of models.");
    }
    for (json::member const one : said.members()) {
        std::string const within = std::string(name) + '.' + std::string(one.key.substr(0, 100));
        if (one.key.empty() || !ledger::is_valid_name(one.key) || to.size() > most_names) {
            from.blame(within, "is not the name of a model, or one too many.");
            return;
        }
        model_terms& has = to[std::string(one.key)];
        if (one.val.is_object()) {
            fields in(one.val, within + '.');
            in.money("max_budget", has.max_budget);
            in.money("budget_limit", has.max_budget);
            in.period("budget_duration", has.budget_duration);
            in.period("time_period", has.budget_duration);
            in.count("tpm_limit", has.limits.tokens_per_minute);
            in.count("rpm_limit", has.limits.requests_per_minute);
            in.ignore_rest();
            from.adopt(in);
            if (!has.max_budget && !in.fault()) {
                from.blame(within + ".budget_limit", "is required.");
            }
        } else {
            from.amount(within, one.val, has.max_budget);
        }
    }
}

void read_model_limits(fields& from, std::string_view name,
                       std::optional<std::int64_t> ledger::rate_limits::*limit, per_model& to)
{
    if (!from.has(name)) {
        return;
    }
    for (auto& [model, has] : to) {
        (has.limits.*limit).reset();
    }
    json::value const said = from.value(name);
    if (said.exists() && !said.is_object()) {
        from.blame(name, "must be an object of models.");
    }
    fields in(said.is_object() ? said : json::value{}, std::string(name) + '.');
    for (json::member const one : said.members()) {
        if (one.key.empty() || !ledger::is_valid_name(one.key) || to.size() > most_names) {
            in.blame(one.key, "is not the name of a model, or one too many.");
            break;
        }
        in.count(one.key, to[std::string(one.key)].limits.*limit);
    }
    from.adopt(in);
}

void read_increase(fields& from, ledger::terms& to, ledger::moment now)
{
    std::optional<ledger::nanos> extra = to.extra_budget;
    std::optional<ledger::moment> until = to.extra_until;
    bool const says_extra = from.has("temp_budget_increase");
    bool const says_until = from.has("temp_budget_expiry");
    from.money("temp_budget_increase", extra);
    from.instant("temp_budget_expiry", until, now);
    if (says_extra != says_until) {
        from.blame(says_extra ? "temp_budget_expiry" : "temp_budget_increase",
                   says_extra ? "is required beside 'temp_budget_increase'."
                              : "is required beside 'temp_budget_expiry'.");
    }
    to.extra_budget = extra.value_or(0);
    to.extra_until = to.extra_budget == 0 ? ledger::moment{} : until.value_or(ledger::moment{});
}

void write_model_budgets(shape& to, per_model const& all)
{
    std::string out;
    shape models(out);
    for (auto const& [model, has] : all) {
        if (has.max_budget) {
            std::string one;
            shape terms(one);
            terms.money("budget_limit", has.max_budget).text("time_period", has.budget_duration).end();
            models.raw(model, one);
        }
    }
    models.end();
    to.raw("model_max_budget", out);
}

void write_model_limits(shape& to, std::string_view name,
                        std::optional<std::int64_t> ledger::rate_limits::*limit, per_model const& all)
{
    std::string out;
    shape models(out);
    for (auto const& [model, has] : all) {
        if (has.limits.*limit) {
            models.number(model, has.limits.*limit);
        }
    }
    models.end();
    to.raw(name, out);
}

} // namespace

void read_terms(fields& from, ledger::terms& to, ledger::moment now)
{
    from.money("max_budget", to.max_budget);
    from.money("soft_budget", to.soft_budget);
    from.period("budget_duration", to.budget_duration);
    from.count("tpm_limit", to.limits.tokens_per_minute);
    from.count("rpm_limit", to.limits.requests_per_minute);
    from.count("max_parallel_requests", to.limits.parallel_requests);
    read_model_budgets(from, to.per_model);
    read_model_limits(from, "model_tpm_limit", &ledger::rate_limits::tokens_per_minute, to.per_model);
    read_model_limits(from, "model_rpm_limit", &ledger::rate_limits::requests_per_minute, to.per_model);
    drop_empty(to.per_model);
    read_increase(from, to, now);
}

void write_terms(shape& to, ledger::terms const& what)
{
    to.money("max_budget", what.max_budget).money("soft_budget", what.soft_budget);
    to.text("budget_duration", what.budget_duration);
    to.number("tpm_limit", what.limits.tokens_per_minute)
        .number("rpm_limit", what.limits.requests_per_minute);
    to.number("max_parallel_requests", what.limits.parallel_requests);
    write_model_budgets(to, what.per_model);
    write_model_limits(to, "model_tpm_limit", &ledger::rate_limits::tokens_per_minute, what.per_model);
    write_model_limits(to, "model_rpm_limit", &ledger::rate_limits::requests_per_minute, what.per_model);
    if (what.extra_budget != 0) {
        to.money("temp_budget_increase", what.extra_budget).instant("temp_budget_expiry", what.extra_until);
    }
}

} // namespace cogate::server::manage

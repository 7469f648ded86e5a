#include "lib/server/manage/spending.hpp"

#include "lib/core/json/document.hpp"
#include "lib/server/manage/shape.hpp"
#include "lib/wire/http_date.hpp"

#include <cogate/money.hpp>

#include <algorithm>
#include <chrono>
#include <vector>

namespace cogate::server::manage {
namespace {

bool is_limited(ledger::balance const& one)
{
    return one.terms.limit.has_value() || one.current.end != ledger::moment::max();
}

struct marked {
    ledger::scope owner;
    spend_mark mark;
};

template <class Records>
void collect(Records const& records, ledger::scope_kind kind,
             std::string const& (*id)(typename Records::value_type const&), std::vector<marked>& out)
{
    for (auto const& one : records) {
        spend_mark const mark = mark_of(one->other);
        if (mark != spend_mark{}) {
            out.push_back({{kind, id(one)}, mark});
        }
    }
}

} // namespace

spend_mark mark_of(std::string_view other)
{
    if (other.find("spend_reset_at") == std::string_view::npos) {
        return {};
    }
    json::document doc;
    json::parse_error error;
    if (!doc.parse(other, error)) {
        return {};
    }
    std::optional<std::int64_t> const since = doc["spend_reset_at"].as_int64();
    std::optional<money> const at = money::parse(doc["spend_reset_to"].raw());
    return since && at ? spend_mark{ledger::moment{std::chrono::microseconds{*since}}, at->nanos()}
                       : spend_mark{};
}

std::string with_mark(std::string_view other, spend_mark const& mark)
{
    std::string out;
    shape to(out);
    to.number("spend_reset_at", mark.since.time_since_epoch().count()).money("spend_reset_to", mark.at);
    to.rest(other).end();
    return out;
}

void apply_mark(ledger::book& to, ledger::scope const& owner, spend_mark const& mark, ledger::moment now)
{
    std::optional<ledger::balance> const balance = to.find(owner, now);
    if (balance && is_limited(*balance)) {
        to.set_budget(owner, balance->terms, now, mark.at);
    } else if (mark.at == 0) {
        to.reset(owner, now);
    }
}

result<void> apply_marks(ledger::book& to, ledger::store& from, ledger::directory const& in,
                         ledger::moment now)
{
    std::vector<marked> all;
    collect(
        in.keys(), ledger::scope_kind::key, [](ledger::key_ptr const& k) -> auto const& { return k->digest; },
        all);
    collect(
        in.users(), ledger::scope_kind::user, [](ledger::user_ptr const& u) -> auto const& { return u->id; },
        all);
    collect(
        in.teams(), ledger::scope_kind::team, [](ledger::team_ptr const& t) -> auto const& { return t->id; },
        all);
    collect(
        in.end_users(), ledger::scope_kind::end_user,
        [](ledger::end_user_ptr const& e) -> auto const& { return e->id; }, all);
    std::vector<ledger::spend_query> queries;
    std::vector<ledger::budget> terms;
    for (auto one = all.begin(); one != all.end();) {
        std::optional<ledger::balance> const balance = to.find(one->owner, now);
        if (!balance || !is_limited(*balance) || one->mark.since < balance->current.start) {
            one = all.erase(one);
            continue;
        }
        queries.push_back({one->owner, one->mark.since});
        terms.push_back(balance->terms);
        ++one;
    }
    if (all.empty()) {
        return {};
    }
    result<std::vector<ledger::nanos>> const spent = from.spent(queries);
    if (!spent) {
        return spent.error();
    }
    for (std::size_t i = 0; i != all.size(); ++i) {
        to.set_budget(all[i].owner, terms[i], now, all[i].mark.at + (*spent)[i]);
    }
    return {};
}

void spending::fetch(std::span<ledger::scope const> owners, std::span<spend_mark const> marks)
{
    std::vector<ledger::spend_query> queries;
    for (std::size_t i = 0; i != owners.size(); ++i) {
        if (!fetched_.contains(owners[i])) {
            queries.push_back({owners[i], i < marks.size() ? marks[i].since : ledger::moment::min()});
        }
    }
    if (queries.empty()) {
        return;
    }
    result<std::vector<ledger::nanos>> const spent = rows_.spent(queries);
    for (std::size_t i = 0; spent && i != queries.size(); ++i) {
        fetched_[queries[i].where] = (*spent)[i];
    }
}

ledger::nanos spending::of(ledger::scope const& owner, spend_mark const& mark)
{
    std::optional<ledger::balance> const balance = book_.find(owner, now_);
    if (balance && is_limited(*balance)) {
        return balance->spent;
    }
    if (!fetched_.contains(owner)) {
        fetch({&owner, 1}, {&mark, 1});
    }
    auto const found = fetched_.find(owner);
    return found != fetched_.end() ? mark.at + found->second : balance ? balance->spent : 0;
}

std::optional<ledger::moment> spending::resets_at(ledger::scope const& owner,
                                                  std::string_view budget_duration, ledger::moment anchor)
{
    std::optional<ledger::balance> const balance = book_.find(owner, now_);
    if (balance && is_limited(*balance) && balance->current.end != ledger::moment::max()) {
        return balance->current.end;
    }
    return resets_at(budget_duration, anchor);
}

std::optional<ledger::moment> spending::resets_at(std::string_view budget_duration,
                                                  ledger::moment anchor) const
{
    std::optional<ledger::budget_period> const period = ledger::parse_period(budget_duration, anchor);
    return period ? std::optional(ledger::window_of(*period, now_).end) : std::nullopt;
}

} // namespace cogate::server::manage

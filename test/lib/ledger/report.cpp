#include "lib/ledger/report.hpp"
#include "lib/ledger/retain.hpp"

#include "test/common/seeded.hpp"
#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace cogate::ledger;
using namespace cogate::test;

std::string pick(seeded& random, std::string const& stem, unsigned of)
{
    auto const n = random() % (of + 1);
    return n == 0 ? std::string() : stem + std::to_string(n);
}

/// Random calls of three days, and every one of them as the ledger should know it.
std::vector<entry> fill(temp_ledger const& at, unsigned calls, std::uint64_t seed = 1)
{
    std::unique_ptr<store> s = at.open();
    seeded random(seed);
    std::vector<entry> out;
    for (unsigned i = 0; i != calls; ++i) {
        bool const is_void = random() % 5 == 0;
        event e = ledger_event("r" + std::to_string(i / 2), is_void ? event_kind::voided : event_kind::settle,
                               static_cast<nanos>(random() % 1'000'000), pick(random, "key", 3), i % 2);
        change_names(e, [&](attribution& who) {
            who.user = pick(random, "user", 2);
            who.team = pick(random, "team", 2);
            who.end_user = pick(random, "end", 5);
            who.model = pick(random, "model", 3);
            who.provider = pick(random, "provider", 2);
            who.deployment = pick(random, "deployment", 2);
            who.tags = {};
            for (auto n = random() % 3; n != 0; --n) {
                who.tags.push_back("tag" + std::to_string(random() % 3));
            }
            who.upstream_model = "up-" + who.model;
        });
        e.started += std::chrono::microseconds{random() % std::uint64_t{259'200'000'000}};
        e.at = e.started + 1s;
        entry one;
        merge(one, e);
        out.push_back(one);
        BOOST_REQUIRE(s->append(std::move(e)).has_value());
    }
    BOOST_REQUIRE(s->flush(30s));
    return out;
}

bool belongs(entry const& e, scope const& owner)
{
    scope_list const all = scopes_of(*e.who);
    return std::find(all.begin(), all.end(), owner) != all.end();
}

bool matches(entry const& e, row_filter const& f)
{
    auto const is_owner = [&](scope const& s) { return belongs(e, s); };
    bool const is_right = (!f.settled || e.is_settled() == *f.settled) &&
                          (!f.least_spent || e.spent >= *f.least_spent) &&
                          (!f.most_spent || e.spent <= *f.most_spent);
    return is_right && (f.request_id.empty() || e.request_id == f.request_id) && e.started >= f.from &&
           e.started < f.to && std::all_of(f.all_of.begin(), f.all_of.end(), is_owner) &&
           (f.any_of.empty() || std::any_of(f.any_of.begin(), f.any_of.end(), is_owner));
}

std::vector<owner_sum> sums_of(std::vector<entry> const& rows, scope_kind kind, row_filter const& f)
{
    std::map<std::string, counts> sums;
    for (entry const& e : rows) {
        for (scope const& s : scopes_of(*e.who)) {
            if (s.kind == kind && matches(e, f)) {
                sums[s.id] += counts_of(e);
            }
        }
    }
    std::vector<owner_sum> out;
    for (auto const& [id, of] : sums) {
        out.push_back({id, of});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](owner_sum const& a, owner_sum const& b) { return a.of.spent > b.of.spent; });
    return out;
}

std::vector<row_filter> filters()
{
    moment const a = ledger_noon + 17min;
    moment const b = ledger_noon + 31h + 3s;
    scope const key{scope_kind::key, "key1"};
    scope const user{scope_kind::user, "user2"};
    scope const team{scope_kind::team, "team1"};
    scope const tag{scope_kind::tag, "tag2"};
    std::vector<row_filter> out{
        {},
        {.all_of = {key}},
        {.all_of = {user, team}},
        {.all_of = {tag}},
        {.all_of = {{scope_kind::member, joined_id("team1", "user1")}}},
        {.all_of = {team}, .any_of = {key, user}},
        {.any_of = {user}},
        {.request_id = "r7"},
        {.all_of = {{scope_kind::team_model, joined_id("team2", "model1")}}},
        {.all_of = {{scope_kind::user, "' OR 1=1 --"}}},
        {.settled = false},
        {.any_of = {key}, .settled = true, .least_spent = 1000, .most_spent = 500'000},
    };
    std::size_t const plain = out.size();
    for (std::size_t i = 0; i != plain; ++i) {
        for (auto const& [from, to] :
             {std::pair{a, b}, std::pair{a, a + 5min}, std::pair{a, a + 50min}, std::pair{moment::min(), b},
              std::pair{a, moment::max()}, std::pair{b, a}}) {
            row_filter f = out[i];
            f.from = from;
            f.to = to;
            out.push_back(f);
        }
    }
    return out;
}

constexpr scope_kind kinds[] = {scope_kind::global, scope_kind::key,      scope_kind::user,
                                scope_kind::team,   scope_kind::end_user, scope_kind::tag,
                                scope_kind::model,  scope_kind::provider, scope_kind::deployment};

counts total_of(std::vector<entry> const& rows, row_filter const& f)
{
    counts out;
    for (entry const& e : rows) {
        out += matches(e, f) ? counts_of(e) : counts{};
    }
    return out;
}

counts total_of(activity const& what)
{
    counts out;
    for (activity_cell const& cell : what.cells) {
        out += cell.of;
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_report)

BOOST_AUTO_TEST_CASE(rows_are_found_by_every_kind_of_filter_newest_first)
{
    temp_ledger at;
    std::vector<entry> rows = fill(at, 400);
    std::sort(rows.begin(), rows.end(), [](entry const& a, entry const& b) { return a.started > b.started; });
    for (row_filter const& f : filters()) {
        std::vector<entry> wanted;
        std::copy_if(rows.begin(), rows.end(), std::back_inserter(wanted),
                     [&](entry const& e) { return matches(e, f); });
        row_page const all = find_rows(at.path(), f, {.take = 1000, .counts_all = true}).value();
        BOOST_TEST((all.rows == wanted));
        BOOST_TEST(all.total == wanted.size());
        BOOST_TEST(!all.has_more);
    }
}

BOOST_AUTO_TEST_CASE(pages_of_rows_fit_together)
{
    temp_ledger at;
    std::vector<entry> const rows = fill(at, 101);
    std::vector<entry> joined;
    for (std::uint64_t skip = 0;; skip += 10) {
        row_page const page =
            find_rows(at.path(), {}, {.skip = skip, .take = 10, .newest_first = false}).value();
        joined.insert(joined.end(), page.rows.begin(), page.rows.end());
        BOOST_TEST(page.has_more == (joined.size() != rows.size()));
        BOOST_TEST(page.total == 0u);
        if (!page.has_more) {
            break;
        }
    }
    BOOST_TEST(joined.size() == rows.size());
    BOOST_TEST(std::is_sorted(joined.begin(), joined.end(),
                              [](entry const& a, entry const& b) { return a.started < b.started; }));
    BOOST_TEST(find_rows(at.path(), {}, {.skip = UINT64_MAX}).value().rows.empty());
}

BOOST_AUTO_TEST_CASE(sums_from_counters_and_rows_are_those_of_the_entries)
{
    temp_ledger at;
    std::vector<entry> const rows = fill(at, 500);
    for (row_filter const& f : filters()) {
        for (scope_kind const kind : kinds) {
            owner_sums const got = sums_by(at.path(), kind, f, 1000).value();
            BOOST_TEST((got.owners == sums_of(rows, kind, f)), to_string(kind));
            BOOST_TEST(!got.has_more);
            BOOST_TEST(!got.lacks_rows);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_largest_sums_are_kept_and_the_rest_is_owned_up_to)
{
    temp_ledger at;
    std::vector<entry> const rows = fill(at, 300);
    std::vector<owner_sum> const all = sums_of(rows, scope_kind::end_user, {});
    owner_sums const two = sums_by(at.path(), scope_kind::end_user, {}, 2).value();
    BOOST_TEST(two.has_more);
    BOOST_TEST((two.owners == std::vector(all.begin(), all.begin() + 2)));
    BOOST_TEST(!sums_by(at.path(), scope_kind::end_user, {}, all.size()).value().has_more);
    BOOST_TEST(sums_by(at.path(), scope_kind::key_model, {}, 2).has_error());
}

BOOST_AUTO_TEST_CASE(days_are_those_of_utc)
{
    temp_ledger at;
    std::vector<entry> const rows = fill(at, 300);
    std::map<std::pair<std::chrono::sys_days, std::string>, counts> wanted;
    for (entry const& e : rows) {
        if (!e.who->team.empty()) {
            wanted[{std::chrono::floor<std::chrono::days>(e.started), e.who->team}] += counts_of(e);
        }
    }
    std::vector<day_sum> const got =
        days_by(at.path(), scope_kind::team, std::nullopt, moment::min(), moment::max()).value();
    BOOST_REQUIRE(got.size() == wanted.size());
    auto want = wanted.begin();
    for (day_sum const& d : got) {
        BOOST_TEST((d.day == want->first.first && d.id == want->first.second && d.of == want->second));
        ++want;
    }
    auto const day = std::chrono::floor<std::chrono::days>(ledger_noon) + std::chrono::days{1};
    std::vector<day_sum> const one =
        days_by(at.path(), scope_kind::team, "team1", day, day + std::chrono::days{1}).value();
    BOOST_REQUIRE(one.size() == 1u);
    BOOST_TEST((one[0] == day_sum{day, "team1", wanted[{day, "team1"}]}));
}

BOOST_AUTO_TEST_CASE(an_activity_has_every_row_once_and_splits_by_tags)
{
    temp_ledger at;
    std::vector<entry> const rows = fill(at, 400);
    for (row_filter const& f : filters()) {
        activity const got = activity_of(at.path(), f, scope_kind::tag).value();
        BOOST_TEST((total_of(got) == total_of(rows, f)));
        BOOST_TEST(!got.rows_from.has_value());
        std::map<std::string, counts> by_tag;
        for (activity_cell const& cell : got.cells) {
            for (std::string const& tag : cell.entities) {
                by_tag[tag] += cell.of;
            }
        }
        for (owner_sum const& sum : sums_of(rows, scope_kind::tag, f)) {
            BOOST_TEST((by_tag[sum.id] == sum.of));
        }
    }
    activity const all = activity_of(at.path(), {}, scope_kind::team).value();
    std::int64_t cached = 0;
    for (activity_cell const& cell : all.cells) {
        BOOST_TEST(cell.upstream_model == "up-" + cell.model);
        BOOST_TEST(cell.entities.size() <= 1u);
        cached += cell.cached_tokens;
    }
    BOOST_TEST(cached == 10 * total_of(rows, {}).calls);
}

BOOST_AUTO_TEST_CASE(what_retention_has_deleted_is_still_counted_and_said)
{
    temp_ledger at;
    std::vector<entry> const rows = fill(at, 400);
    moment const cut = start_of_hour(hour_of(ledger_noon + 30h));
    BOOST_TEST(retain(at.path(), {cut}).value() > 0u);
    BOOST_TEST((rows_from(at.path()).value() == cut));
    BOOST_TEST(
        (sums_by(at.path(), scope_kind::key, {}, 100).value().owners == sums_of(rows, scope_kind::key, {})));
    row_filter const team{.all_of = {{scope_kind::team, "team1"}}};
    activity const got = activity_of(at.path(), team, scope_kind::team).value();
    BOOST_TEST((got.rows_from == cut));
    BOOST_TEST((total_of(got) == total_of(rows, team)));
    BOOST_TEST((total_of(activity_of(at.path(), {}, std::nullopt).value()) == total_of(rows, {})));
    row_filter const teams{.any_of = {{scope_kind::team, "team1"}, {scope_kind::team, "team2"}}};
    BOOST_TEST((total_of(activity_of(at.path(), teams, scope_kind::team).value()) == total_of(rows, teams)));
    activity const by_team = activity_of(at.path(), {}, scope_kind::team).value();
    std::map<std::string, counts> sums;
    for (activity_cell const& cell : by_team.cells) {
        for (std::string const& id : cell.entities) {
            sums[id] += cell.of;
        }
    }
    for (owner_sum const& sum : sums_of(rows, scope_kind::team, {})) {
        BOOST_TEST((sums[sum.id] == sum.of));
    }
    // A row may have both tags: their counters together are not its sums.
    row_filter const tags{.any_of = {{scope_kind::tag, "tag1"}, {scope_kind::tag, "tag2"}}, .to = cut};
    BOOST_TEST(activity_of(at.path(), tags, scope_kind::tag).value().cells.empty());
    // No counter belongs to both: only what has rows is there.
    row_filter both{.all_of = {{scope_kind::team, "team1"}, {scope_kind::key, "key1"}}};
    activity const part = activity_of(at.path(), both, std::nullopt).value();
    BOOST_TEST(part.rows_from.has_value());
    BOOST_TEST(sums_by(at.path(), scope_kind::tag, both, 9).value().lacks_rows);
    both.from = cut;
    BOOST_TEST((total_of(part) == total_of(rows, both)));
    BOOST_TEST(!activity_of(at.path(), both, std::nullopt).value().rows_from.has_value());
    BOOST_TEST(!sums_by(at.path(), scope_kind::tag, both, 9).value().lacks_rows);
    row_filter const cut_hour{.from = ledger_noon + 1min};
    BOOST_TEST(sums_by(at.path(), scope_kind::key, cut_hour, 100).value().lacks_rows);
}

BOOST_AUTO_TEST_CASE(calls_that_still_run_are_left_out)
{
    temp_ledger at;
    std::unique_ptr<store> s = at.open();
    appended(*s, ledger_event("open", event_kind::reserve, 50));
    BOOST_TEST(find_rows(at.path(), {}, {}).value().rows.empty());
    BOOST_TEST(activity_of(at.path(), {}, std::nullopt).value().cells.empty());
    appended(*s, ledger_event("open", event_kind::settle, 40));
    BOOST_TEST(find_rows(at.path(), {}, {}).value().rows.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_report_beyond_its_limits_is_refused_whole)
{
    temp_ledger at;
    fill(at, 400);
    auto const code = [](auto const& r) { return r.has_error() ? r.error()->code : std::string(); };
    report_limits const few_steps{.most_steps = 1000};
    report_limits const few_cells{.most_cells = 3};
    BOOST_TEST(code(activity_of(at.path(), {}, std::nullopt, few_steps)) == "report_too_large");
    BOOST_TEST(code(activity_of(at.path(), {}, std::nullopt, few_cells)) == "report_too_large");
    BOOST_TEST(code(days_by(at.path(), scope_kind::key, std::nullopt, moment::min(), moment::max(),
                            few_cells)) == "report_too_large");
    BOOST_TEST(code(sums_by(at.path(), scope_kind::tag, {}, 5, few_steps)) == "report_too_large");
    BOOST_TEST(code(find_rows(at.path(), {}, {.take = 1000}, few_steps)) == "report_too_large");
    BOOST_TEST(code(find_rows((at.folder() / "none").string(), {}, {})) == "ledger_unavailable");
}

BOOST_AUTO_TEST_SUITE_END()

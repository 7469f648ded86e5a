#pragma once

#include "lib/server/manage/handler.hpp"

#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cogate::test {

/// A gateway's accounts with a few owners, and calls of three days around `ledger_noon`:
///
/// | call | day | key | user | team | model | tags | cost | state |
/// |---|---|---|---|---|---|---|---|---|
/// | a | 14 | dana | dana | red | gpt | x | 1500000000 | settled |
/// | b | 15 | dana | dana | red | gpt | x, y | 250 | settled |
/// | c | 15 | erin | erin | blue | opus | y | 40 | settled |
/// | d | 15 | erin | erin | blue | opus | | 0 | void |
/// | e | 16 | robot | | blue | gpt | | 7 | settled |
class spend_fixture {
public:
    spend_fixture()
    {
        server::accounts_options options;
        options.store = files_.options();
        options.pepper = secret("a pepper of the tests");
        ledger::owned_budget whole;
        whole.terms.limit = 5'000'000'000;
        options.terms.configured.push_back(whole);
        result<std::unique_ptr<server::accounts>> opened = server::accounts::open(std::move(options));
        BOOST_REQUIRE_MESSAGE(opened.has_value(), (opened ? std::string() : opened.error()->message));
        at_ = std::move(*opened);
        add_records();
        add_calls();
    }

    /// The answer, or "status code param" of the failure.
    std::string ask(server::manage::handler run, std::string_view as, std::string_view query = {},
                    std::string_view body = {})
    {
        json::document doc;
        json::parse_error wrong;
        if (!body.empty()) {
            BOOST_REQUIRE(doc.parse(body, wrong));
        }
        ledger::principal const who = caller(as);
        server::manage::managed const what{*at_, who, {}, query, body.empty() ? json::value{} : doc.root(),
                                           now};
        result<std::string> const out = run(what);
        if (out) {
            json::document read;
            BOOST_TEST(read.parse(*out, wrong), *out);
            return *out;
        }
        return std::to_string(out.error()->status) + ' ' + out.error()->code + ' ' + out.error()->param;
    }

    /// "master", "viewer", "nobody", or an alias of a key.
    ledger::principal caller(std::string_view as)
    {
        ledger::principal out;
        if (as == "master") {
            out.is_master = true;
            return out;
        }
        if (as != "nobody") {
            out.key = at_->directory().find_key(digest(as));
            BOOST_REQUIRE(out.key != nullptr);
            out.user = at_->directory().find_user(out.key->user);
            out.team = at_->directory().find_team(out.key->team);
        }
        return out;
    }

    std::string text(std::string_view alias) const { return "sk-the-key-of-" + std::string(alias); }
    std::string digest(std::string_view alias) const { return at_->digester().digest_of(text(alias)); }
    server::accounts& at() { return *at_; }
    std::string const& path() const { return at_->ledger_path(); }

    static constexpr ledger::moment now = ledger_noon + std::chrono::hours{24};

private:
    void add_records()
    {
        using namespace ledger;
        record_changes all;
        auto const user = [&](std::string id, user_role role) {
            user_record one;
            one.id = std::move(id);
            one.role = role;
            one.made.created_at = ledger_noon;
            all.put.emplace_back(one);
        };
        user("dana", user_role::internal_user);
        user("erin", user_role::internal_user);
        user("vera", user_role::proxy_admin_viewer);
        auto const team = [&](std::string id, std::string alias, std::vector<team_member> members) {
            team_record one;
            one.id = std::move(id);
            one.alias = std::move(alias);
            one.members = std::move(members);
            all.put.emplace_back(one);
        };
        team_member admin;
        admin.user = "dana";
        admin.is_admin = true;
        team_member member;
        member.user = "erin";
        team("red", "Red team", {admin});
        team("blue", "", {member});
        auto const key = [&](std::string alias, std::string owner, std::string of_team) {
            key_record one;
            one.digest = digest(alias);
            one.masked = "sk-...tail";
            one.alias = std::move(alias);
            one.user = std::move(owner);
            one.team = std::move(of_team);
            all.put.emplace_back(one);
        };
        key("dana", "dana", "red");
        key("erin", "erin", "blue");
        key("viewer", "vera", "");
        key("robot", "", "blue");
        result<void> const made =
            at_->directory().change([&](directory const&) { return result<record_changes>(all); });
        BOOST_REQUIRE(made.has_value());
    }

    void add_call(std::string id, int day, std::string_view key, std::string team, std::string model,
                  std::vector<std::string> tags, ledger::nanos cost, bool is_void = false)
    {
        ledger::event e =
            ledger_event(std::move(id), is_void ? ledger::event_kind::voided : ledger::event_kind::settle,
                         cost, digest(key));
        change_names(e, [&](ledger::attribution& who) {
            who.user = key == "robot" ? "" : std::string(key);
            who.team = std::move(team);
            who.provider = model == "gpt" ? "openai" : "anthropic";
            who.deployment = model + "-1";
            who.upstream_model = model + "-2026";
            who.model = std::move(model);
            who.tags = std::move(tags);
            who.end_user = "customer";
        });
        e.started += std::chrono::days{day - 15};
        e.at += std::chrono::days{day - 15};
        BOOST_REQUIRE((appended(at_->store(), std::move(e)) == ledger::outcome::written));
    }

    void add_calls()
    {
        add_call("a", 14, "dana", "red", "gpt", {"x"}, 1'500'000'000);
        add_call("b", 15, "dana", "red", "gpt", {"x", "y"}, 250);
        add_call("c", 15, "erin", "blue", "opus", {"y"}, 40);
        add_call("d", 15, "erin", "blue", "opus", {}, 0, true);
        add_call("e", 16, "robot", "blue", "gpt", {}, 7);
    }

    temp_ledger files_;
    std::unique_ptr<server::accounts> at_;
};

inline bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

} // namespace cogate::test

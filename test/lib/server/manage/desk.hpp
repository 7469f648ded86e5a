#pragma once

#include "lib/core/json/document.hpp"
#include "lib/ledger/accounts/principal.hpp"
#include "lib/server/account.hpp"
#include "lib/server/accounts.hpp"
#include "lib/server/manage/families.hpp"
#include "lib/server/manage/handler.hpp"

#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cogate::test {

/// What a request of the management API got.
class reply {
public:
    explicit reply(result<std::string> what) : what_(std::move(what))
    {
        json::parse_error error;
        if (what_.has_value()) {
            BOOST_REQUIRE_MESSAGE(doc_->parse(*what_, error), *what_);
        }
    }

    bool ok() const { return what_.has_value(); }
    int status() const { return ok() ? 200 : what_.error()->status; }
    std::string code() const { return ok() ? std::string() : what_.error()->code; }
    std::string param() const { return ok() ? std::string() : what_.error()->param; }
    std::string message() const { return ok() ? std::string() : what_.error()->message; }
    std::string text() const { return ok() ? *what_ : message(); }
    json::value root() const { return doc_->root(); }
    json::value operator[](std::string_view name) const { return (*doc_)[name]; }
    /// A member as it is written.
    std::string raw(std::string_view name) const { return std::string((*doc_)[name].raw()); }

private:
    result<std::string> what_;
    std::unique_ptr<json::document> doc_ = std::make_unique<json::document>();
};

/// The management API over accounts in a folder of their own. The caller is the master key unless `as` says another key.
class desk {
public:
    desk() { open(); }
    explicit desk(server::configured_terms configured) : configured_(std::move(configured)) { open(); }

    reply post(std::string_view path, std::string_view body) { return send("POST", path, body); }
    reply get(std::string_view target)
    {
        std::size_t const question = target.find('?');
        return send("GET", target.substr(0, question), {},
                    question == std::string_view::npos ? std::string_view{} : target.substr(question + 1));
    }
    reply send(std::string_view method, std::string_view path, std::string_view body,
               std::string_view query = {})
    {
        json::document doc;
        json::parse_error error;
        BOOST_REQUIRE_MESSAGE(body.empty() || doc.parse(body, error), body);
        ledger::principal const who = caller();
        for (auto const family :
             {server::manage::key_routes(), server::manage::user_routes(), server::manage::team_routes(),
              server::manage::organisation_routes(), server::manage::customer_routes(),
              server::manage::budget_routes(), server::manage::tag_routes()}) {
            for (server::manage::managed_route const& way : family) {
                bool const is_prefix = way.path.ends_with("/*");
                std::string_view const above = way.path.substr(0, way.path.size() - (is_prefix ? 1 : 0));
                if (way.method != method || (is_prefix ? !path.starts_with(above) : path != above)) {
                    continue;
                }
                if (result<void> const may = ledger::may_use_route(who, way.what, path, way.changes); !may) {
                    return reply(may.error());
                }
                return reply(way.run({*at_, who, is_prefix ? path.substr(above.size()) : std::string_view{},
                                      query, doc.root(), now()}));
            }
        }
        BOOST_FAIL("no such way: " << method << ' ' << path);
        return reply(failure{});
    }

    /// From now on requests come with this key; empty: the master key.
    desk& as(std::string_view key)
    {
        key_ = key;
        return *this;
    }
    /// A gateway that was started again on the same data.
    void restart()
    {
        at_.reset();
        open();
    }
    /// The same, with another configuration.
    void restart(server::configured_terms configured)
    {
        configured_ = std::move(configured);
        restart();
    }

    /// Makes a user with a role, and gives their key.
    std::string user(std::string_view id, std::string_view role = "internal_user")
    {
        reply const made = as("").post("/user/new", R"({"user_id":")" + std::string(id) +
                                                        R"(","user_role":")" + std::string(role) + "\"}");
        BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
        return made["key"].string();
    }
    /// Makes a key of these members, and gives it.
    std::string key(std::string_view members)
    {
        reply const made = post("/key/generate", members);
        BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
        return made["key"].string();
    }
    std::string digest(std::string_view key) const { return at_->digester().digest_of(key); }
    /// Whether requests with this key are let in.
    bool opens(std::string_view key) const { return principal_of(key).has_value(); }

    ledger::moment now() const { return server::ledger_now(); }
    server::accounts& accounts() { return *at_; }

    /// Books a call of a key.
    void spend(std::string_view key, ledger::nanos cost)
    {
        result<ledger::principal> const who = principal_of(key);
        BOOST_REQUIRE(who.has_value());
        ledger::event e;
        e.request_id = "call-" + std::to_string(++calls_);
        e.kind = ledger::event_kind::reserve;
        ledger::attribution names;
        names.key = who->key->digest;
        names.user = who->key->user;
        names.team = who->key->team;
        names.model = "m";
        names.call_type = "completion";
        e.who = ledger::shared_attribution(std::move(names));
        e.amount = cost;
        e.started = e.at = now();
        BOOST_REQUIRE(appended(at_->store(), e) == ledger::outcome::written);
        e.kind = ledger::event_kind::settle;
        BOOST_REQUIRE(appended(at_->store(), e) == ledger::outcome::written);
        ledger::scope_list const scopes = ledger::scopes_of(*e.who);
        at_->book().charge({scopes.data(), scopes.size()}, cost, now());
    }

private:
    void open()
    {
        server::accounts_options options;
        options.store = folder_.options();
        options.pepper = secret("a pepper of this test");
        options.terms.owners = configured_;
        result<std::unique_ptr<server::accounts>> opened = server::accounts::open(std::move(options));
        BOOST_REQUIRE_MESSAGE(opened.has_value(), (opened ? std::string() : opened.error()->message));
        at_ = std::move(*opened);
    }
    result<ledger::principal> principal_of(std::string_view key) const
    {
        ledger::directory const& in = at_->directory();
        return ledger::principal_of(in, in.find_key_opened_by(digest(key)), now(), digest(key));
    }
    ledger::principal caller() const
    {
        if (key_.empty()) {
            ledger::principal master;
            master.is_master = true;
            return master;
        }
        result<ledger::principal> who = principal_of(key_);
        BOOST_REQUIRE_MESSAGE(who.has_value(), (who ? std::string() : who.error()->message));
        return *who;
    }

    temp_ledger folder_;
    server::configured_terms configured_;
    std::unique_ptr<server::accounts> at_;
    std::string key_;
    int calls_ = 0;
};

inline constexpr ledger::nanos dollar = 1'000'000'000;

} // namespace cogate::test

#pragma once

#include "lib/ledger/accounts/directory.hpp"

#include "test/common/seeded.hpp"
#include "test/lib/ledger/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace cogate::test {

/// A directory over records in memory.
struct memory_directory {
    std::unique_ptr<ledger::record_store> store = ledger::make_memory_records();
    std::unique_ptr<ledger::directory> in = ledger::directory::open(*store).value();

    template <class... Records>
    void put(Records... records)
    {
        ledger::record_changes what;
        (what.put.emplace_back(std::move(records)), ...);
        change(std::move(what));
    }
    void remove(ledger::record_kind kind, std::string id)
    {
        ledger::record_changes what;
        what.removed.push_back({kind, std::move(id)});
        change(std::move(what));
    }
    void change(ledger::record_changes what)
    {
        result<void> const done =
            in->change([&](ledger::directory const&) { return result<ledger::record_changes>(what); });
        BOOST_REQUIRE_MESSAGE(done.has_value(), (done.has_error() ? done.error()->message : std::string()));
    }
};

inline ledger::terms with_budget(ledger::nanos limit, std::string duration = {})
{
    ledger::terms out;
    out.max_budget = limit;
    out.budget_duration = std::move(duration);
    return out;
}

inline ledger::terms with_rpm(std::int64_t limit)
{
    ledger::terms out;
    out.limits.requests_per_minute = limit;
    return out;
}

/// A record with nothing but its name.
template <class R>
R named(std::string id)
{
    R r;
    if constexpr (std::is_same_v<R, ledger::key_record>) {
        r.digest = std::move(id);
    } else {
        r.id = std::move(id);
    }
    return r;
}

/// Records of every kind with every member now and then filled, ids among a few, so that they meet.
class random_records {
public:
    explicit random_records(std::uint64_t seed) : random_(seed) {}

    ledger::record operator()(ledger::record_kind kind)
    {
        using ledger::record_kind;
        switch (kind) {
        case record_kind::key: return key();
        case record_kind::user: return user();
        case record_kind::team: return team();
        case record_kind::organisation: return usual<ledger::organisation_record>();
        case record_kind::end_user: return end_user();
        case record_kind::budget: return usual<ledger::budget_record>();
        case record_kind::tag: break;
        }
        return tag();
    }
    ledger::record any() { return (*this)(kind()); }
    ledger::record_kind kind() { return static_cast<ledger::record_kind>(1 + random_.below(7)); }
    std::string id() { return "id-" + std::to_string(random_.below(4)); }
    seeded& random() { return random_; }

    ledger::terms some_terms()
    {
        ledger::terms t = plain();
        for (std::size_t i = random_.below(3); i != 0; --i) {
            ledger::terms const m = plain();
            t.per_model[text()] = {m.max_budget, m.budget_duration, m.limits};
        }
        return t;
    }

private:
    bool sometimes() { return random_.one_in(2); }
    std::string maybe_id() { return sometimes() ? id() : std::string(); }
    std::string text()
    {
        constexpr std::array words{"gpt-4o",    "openai/*",   "", "a \"quoted\" \\ one",
                                   "\u00fcber", "line\nbreak"};
        return words[random_.below(words.size())];
    }
    std::vector<std::string> texts()
    {
        std::vector<std::string> out(random_.below(3));
        for (std::string& t : out) {
            t = text();
        }
        return out;
    }
    std::map<std::string, std::string, std::less<>> pairs()
    {
        std::map<std::string, std::string, std::less<>> out;
        for (std::size_t i = random_.below(3); i != 0; --i) {
            out[text()] = text();
        }
        return out;
    }
    std::optional<std::int64_t> number()
    {
        return sometimes() ? std::optional(static_cast<std::int64_t>(random_() >> 2)) : std::nullopt;
    }
    ledger::moment when()
    {
        return sometimes() ? ledger_noon + std::chrono::microseconds{random_.below(1'000'000'000)}
                           : ledger::moment{};
    }
    ledger::terms plain()
    {
        constexpr std::array durations{"", "1d", "30m", "7d", "1mo"};
        ledger::terms t;
        t.max_budget = number();
        t.soft_budget = number();
        t.budget_duration = durations[random_.below(durations.size())];
        t.extra_budget = number().value_or(0);
        t.extra_until = when();
        t.limits = {number(), number(), number()};
        return t;
    }
    std::string object()
    {
        constexpr std::array texts{"{}", R"({"a":1.50,"b":[null,{"c":"\u0041"}]})", "{ \"spaced\" : true }"};
        return texts[random_.below(texts.size())];
    }
    ledger::stamps made() { return {when(), when(), maybe_id(), maybe_id()}; }
    std::vector<ledger::team_member> members()
    {
        std::vector<ledger::team_member> out;
        for (std::size_t i = 0; i != 3; ++i) {
            if (sometimes()) {
                ledger::terms const own = sometimes() ? plain() : ledger::terms{};
                out.push_back({"id-" + std::to_string(i), sometimes(), maybe_id(), own});
            }
        }
        return out;
    }
    /// One with those members that several kinds have.
    template <class R>
    R usual()
    {
        R r;
        if constexpr (requires { r.id; }) {
            r.id = id();
        }
        if constexpr (requires { r.alias; }) {
            r.alias = text();
        }
        if constexpr (requires { r.organisation; }) {
            r.organisation = maybe_id();
        }
        if constexpr (requires { r.budget; }) {
            r.budget = maybe_id();
        }
        if constexpr (requires { r.members; }) {
            r.members = members();
        }
        if constexpr (requires { r.models; }) {
            r.models = texts();
        }
        if constexpr (requires { r.aliases; }) {
            r.aliases = pairs();
        }
        if constexpr (requires { r.tags; }) {
            r.tags = texts();
        }
        if constexpr (requires { r.blocked; }) {
            r.blocked = sometimes();
        }
        if constexpr (requires { r.metadata; }) {
            r.metadata = object();
        }
        r.has = some_terms();
        r.other = object();
        r.made = made();
        return r;
    }
    ledger::key_record key()
    {
        auto r = usual<ledger::key_record>();
        r.digest = id();
        r.masked = "sk-...abcd";
        r.user = maybe_id();
        r.team = maybe_id();
        r.type = static_cast<ledger::key_type>(1 + random_.below(4));
        r.allowed_routes = texts();
        r.expires = sometimes() ? std::optional(when()) : std::nullopt;
        r.current = maybe_id();
        for (std::size_t i = random_.below(3); i != 0; --i) {
            r.former.push_back({id(), when()});
        }
        return r;
    }
    ledger::user_record user()
    {
        auto r = usual<ledger::user_record>();
        r.email = text();
        r.role = static_cast<ledger::user_role>(1 + random_.below(4));
        return r;
    }
    ledger::team_record team()
    {
        auto r = usual<ledger::team_record>();
        r.for_members = plain();
        r.member_permissions = texts();
        return r;
    }
    ledger::end_user_record end_user()
    {
        auto r = usual<ledger::end_user_record>();
        r.default_model = text();
        return r;
    }
    ledger::tag_record tag()
    {
        auto r = usual<ledger::tag_record>();
        r.description = text();
        return r;
    }

    seeded random_;
};

} // namespace cogate::test

#include "lib/server/manage/keys.hpp"

#include "lib/server/manage/configured.hpp"
#include "lib/server/manage/key_request.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/show.hpp"
#include "lib/wire/url.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using ledger::key_record;

/// The one answer that holds the key.
std::string made_answer(managed const& at, secret const& text, key_record const& key)
{
    std::string out;
    shape to(out);
    to.text("key", text.reveal()).text("token_id", key.digest);
    view(at).write_key(to, key);
    to.end();
    return out;
}

result<std::string> make(managed const& at, bool for_service)
{
    fields in(at.body);
    key_record key;
    read_key(in, key, at.now);
    std::optional<std::string> const chosen = chosen_key(in, "key");
    std::optional<ledger::nanos> spent;
    in.money("spend", spent);
    if (for_service) {
        if (key.team.empty()) {
            in.blame("team_id", "is required for a service account's key.");
        }
        if (!key.user.empty()) {
            in.blame("user_id", "must not be said for a service account's key.");
        }
    } else if (key.user.empty() && !at.who.is_admin()) {
        key.user = acting_user(at.who);
    }
    in.keep_rest(key.other);
    if (in.fault()) {
        return *in.fault();
    }
    if (spent.value_or(0) != 0) {
        if (result<void> const may = must_be_admin(at.who, "set what a key has spent"); !may) {
            return may.error();
        }
        key.other = with_mark(key.other, {at.now, *spent});
    }
    key.made = made_by(at);
    secret const text = seal_key(at, chosen ? &*chosen : nullptr, key);
    result<void> const done =
        at.at.directory().change([&](ledger::directory const& in_use) -> result<ledger::record_changes> {
            if (in_use.find_key(key.digest) != nullptr) {
                return failure{error_kind::invalid_request, "The key that 'key' chooses is in use."}
                    .with_code("already_exists")
                    .with_param("key");
            }
            give_defaults(in, at, in_use, key);
            if (in.fault()) {
                return *in.fault();
            }
            if (result<void> const may = settle_key(at, in_use, key_record{}, key); !may) {
                return may.error();
            }
            return ledger::record_changes{{key}, {}};
        });
    if (!done) {
        return done.error();
    }
    if (spent.value_or(0) != 0) {
        apply_mark(at.at.book(), {ledger::scope_kind::key, key.digest}, {at.now, *spent}, at.now);
    }
    return made_answer(at, text, key);
}

struct regeneration {
    std::string named;
    std::optional<std::string> chosen;
    std::optional<ledger::moment> grace_end;
};

regeneration read_regeneration(fields& in, managed const& at, std::string_view named)
{
    regeneration out{std::string(named), chosen_key(in, "new_key"), std::nullopt};
    std::string in_body;
    in.text("key", in_body, ledger::longest_key * 6);
    if (out.named.empty()) {
        out.named = in_body;
    }
    std::string grace;
    in.period("grace_period", grace);
    if (!grace.empty()) {
        out.grace_end = end_of(grace, at.now);
    }
    return out;
}

result<std::string> regenerate(managed const& at, std::string_view named)
{
    fields in(at.body);
    regeneration const asked = read_regeneration(in, at, named);
    if (asked.named.empty() && at.who.key == nullptr) {
        in.blame("key", "is required.");
    }
    secret text;
    key_record key;
    spend_mark mark;
    auto const decide = [&](ledger::directory const& all) -> result<ledger::record_changes> {
        result<ledger::key_ptr> const old = asked.named.empty()
                                                ? key_named(at.who.key->digest, all, at.at.digester())
                                                : key_named(asked.named, all, at.at.digester());
        if (!old) {
            return old.error();
        }
        if (result<void> const may = may_change(at.who, **old, all); !may) {
            return may.error();
        }
        key = **old;
        read_key(in, key, at.now);
        in.keep_rest(key.other);
        if (in.fault()) {
            return *in.fault();
        }
        if (result<void> const may = settle_key(at, all, **old, key); !may) {
            return may.error();
        }
        if (result<void> const may = may_hold(at.who, key); !may) {
            return may.error();
        }
        text = seal_key(at, asked.chosen ? &*asked.chosen : nullptr, key);
        if (all.find_key(key.digest) != nullptr) {
            return failure{error_kind::invalid_request, "The key that 'new_key' chooses is in use."}
                .with_code("already_exists")
                .with_param("new_key");
        }
        ledger::scope const owner{ledger::scope_kind::key, (*old)->digest};
        mark = {at.now, spending(at.at.book(), at.at.store(), at.now).of(owner, mark_of((*old)->other))};
        key.other = with_mark(key.other, mark);
        touch(key.made, at);
        ledger::record_changes changes{{key}, {}};
        if (asked.grace_end) {
            key_record leaving = **old;
            leaving.alias.clear();
            leaving.expires = std::min(leaving.expires.value_or(*asked.grace_end), *asked.grace_end);
            touch(leaving.made, at);
            changes.put.push_back(std::move(leaving));
        } else {
            changes.removed.push_back({ledger::record_kind::key, (*old)->digest});
        }
        return changes;
    };
    if (in.fault()) {
        return *in.fault();
    }
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    apply_mark(at.at.book(), {ledger::scope_kind::key, key.digest}, mark, at.now);
    return made_answer(at, text, key);
}

result<std::string> reset_spend(managed const& at, std::string_view named)
{
    fields in(at.body);
    std::optional<ledger::nanos> to;
    in.money("reset_to", to);
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    key_record key;
    ledger::nanos before = 0;
    spend_mark const mark{at.now, to.value_or(0)};
    result<void> const done =
        at.at.directory().change([&](ledger::directory const& all) -> result<ledger::record_changes> {
            result<ledger::key_ptr> const old = key_named(named, all, at.at.digester());
            if (!old) {
                return old.error();
            }
            ledger::team_ptr const team = (*old)->team.empty() ? nullptr : all.find_team((*old)->team);
            if (team == nullptr || !administers(at.who, *team, all)) {
                if (result<void> const may = must_be_admin(at.who, "set what a key has spent"); !may) {
                    return may.error();
                }
            }
            key = **old;
            before = spending(at.at.book(), at.at.store(), at.now)
                         .of({ledger::scope_kind::key, key.digest}, mark_of(key.other));
            if (mark.at > before) {
                return failure{error_kind::invalid_request,
                               "'reset_to' must not be above what the key has spent."}
                    .with_param("reset_to");
            }
            key.other = with_mark(key.other, mark);
            touch(key.made, at);
            return ledger::record_changes{{key}, {}};
        });
    if (!done) {
        return done.error();
    }
    apply_mark(at.at.book(), {ledger::scope_kind::key, key.digest}, mark, at.now);
    std::string out;
    shape answer(out);
    answer.text("key_hash", key.digest).money("previous_spend", before);
    view(at).write_key(answer, key);
    answer.end();
    return out;
}

} // namespace

secret seal_key(managed const& at, std::string const* chosen, key_record& key)
{
    secret text = chosen != nullptr ? secret(*chosen) : ledger::make_key();
    key.digest = at.at.digester().digest_of(text.reveal());
    key.masked = ledger::masked_key(text.reveal());
    return text;
}

result<std::string> generate_key(managed const& at)
{
    return make(at, false);
}

result<std::string> generate_service_account_key(managed const& at)
{
    return make(at, true);
}

result<std::string> regenerate_key(managed const& at)
{
    return regenerate(at, {});
}

result<std::string> key_action(managed const& at)
{
    std::size_t const slash = at.rest.rfind('/');
    std::string_view const action =
        slash == std::string_view::npos ? std::string_view{} : at.rest.substr(slash + 1);
    std::optional<std::string> const key =
        slash == std::string_view::npos ? std::nullopt : wire::percent_decode(at.rest.substr(0, slash));
    if (key && !key->empty() && action == "regenerate") {
        return regenerate(at, *key);
    }
    if (key && !key->empty() && action == "reset_spend") {
        return reset_spend(at, *key);
    }
    return failure{error_kind::not_found,
                   "There is nothing at this path; keys have /regenerate and /reset_spend."}
        .with_code("unknown_route");
}

} // namespace cogate::server::manage

#include "lib/server/manage/keys.hpp"

#include "lib/server/manage/key_request.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/show.hpp"
#include "lib/wire/url.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using ledger::key_record;

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

/// Puts another key in the place of the one that opens the record. Without a grace period no key before opens it any more.
result<void> replace_key(key_record& record, secret const& text, regeneration const& asked, managed const& at,
                         ledger::directory const& all)
{
    std::string const digest = at.at.digester().digest_of(text.reveal());
    if (result<void> const free = must_be_free(digest, all, "new_key"); !free) {
        return free;
    }
    std::erase_if(record.former, [&](ledger::former_key const& one) { return one.until <= at.now; });
    if (!asked.grace_end) {
        record.former.clear();
    } else if (record.former.size() == ledger::most_former_keys) {
        return failure{
            error_kind::invalid_request,
            "This key has " + std::to_string(ledger::most_former_keys) +
                " keys before it whose grace period is not over; regenerate it without 'grace_period' to end "
                "them."}
            .with_param("grace_period");
    } else {
        record.former.push_back({record.current.empty() ? record.digest : record.current, *asked.grace_end});
    }
    record.current = digest;
    record.masked = ledger::masked_key(text.reveal());
    return {};
}

result<std::string> regenerate(managed const& at, std::string_view named, std::string_view by)
{
    fields in(at.body);
    regeneration const asked = read_regeneration(in, at, named);
    if (asked.named.empty() && at.who.key == nullptr) {
        in.blame("key", "is required.");
    }
    secret const text = asked.chosen ? secret(*asked.chosen) : ledger::make_key();
    key_record key;
    auto const decide = [&](ledger::directory const& all) -> result<ledger::record_changes> {
        result<ledger::key_ptr> const old =
            key_named(asked.named.empty() ? at.who.key->digest : asked.named, all, at.at.digester());
        if (!old) {
            return old.error();
        }
        if (result<void> const may = may_change(at.who, **old, all, by); !may) {
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
        if (result<void> const replaced = replace_key(key, text, asked, at, all); !replaced) {
            return replaced.error();
        }
        touch(key.made, at);
        return ledger::record_changes{{key}, {}};
    };
    if (in.fault()) {
        return *in.fault();
    }
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
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
            bool const leads = team != nullptr && (administers(at.who, *team, all) ||
                                                   is_permitted(at.who, *team, "/key/{key_id}/reset_spend"));
            if (!leads) {
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

result<std::string> regenerate_key(managed const& at)
{
    return regenerate(at, {}, "/key/regenerate");
}

result<std::string> key_action(managed const& at)
{
    std::size_t const slash = at.rest.rfind('/');
    std::string_view const action =
        slash == std::string_view::npos ? std::string_view{} : at.rest.substr(slash + 1);
    std::optional<std::string> const key =
        slash == std::string_view::npos ? std::nullopt : wire::percent_decode(at.rest.substr(0, slash));
    if (key && !key->empty() && action == "regenerate") {
        return regenerate(at, *key, "/key/{key_id}/regenerate");
    }
    if (key && !key->empty() && action == "reset_spend") {
        return reset_spend(at, *key);
    }
    return failure{error_kind::not_found,
                   "There is nothing at this path; keys have /regenerate and /reset_spend."}
        .with_code("unknown_route");
}

} // namespace cogate::server::manage

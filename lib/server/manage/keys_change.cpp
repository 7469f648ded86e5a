#include "lib/server/manage/keys.hpp"

#include "lib/server/manage/key_request.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/show.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using ledger::key_record;

constexpr std::size_t most_keys_at_once = 500;

std::string key_field(fields& in)
{
    std::string key;
    in.text("key", key, ledger::longest_key * 6); // escapes
    if (key.empty()) {
        in.blame("key", "is required.");
    }
    return key;
}

result<key_record> updated(managed const& at, json::value said, std::string_view by, std::string within)
{
    std::string const prefix = within;
    fields in(said, std::move(within));
    std::string const named = key_field(in);
    if (in.fault()) {
        return *in.fault();
    }
    key_record key;
    std::optional<ledger::nanos> spent;
    auto const decide = [&](ledger::directory const& all) -> result<ledger::record_changes> {
        result<ledger::key_ptr> const old = key_named(named, all, at.at.digester(), prefix + "key");
        if (!old) {
            return old.error();
        }
        if (result<void> const may = may_change(at.who, **old, all, by); !may) {
            return may.error();
        }
        key = **old;
        read_key(in, key, at.now);
        in.money("spend", spent);
        in.keep_rest(key.other);
        if (in.fault()) {
            return *in.fault();
        }
        if (result<void> const may = settle_key(at, all, **old, key); !may) {
            return may.error();
        }
        if (spent) {
            if (result<void> const may = must_be_admin(at.who, "set what a key has spent"); !may) {
                return may.error();
            }
            key.other = with_mark(key.other, {at.now, *spent});
        }
        touch(key.made, at);
        return ledger::record_changes{{key}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    ledger::scope const owner{ledger::scope_kind::key, key.digest};
    if (spent) {
        apply_mark(at.at.book(), owner, {at.now, *spent}, at.now);
    }
    return key;
}

result<std::string> set_blocked(managed const& at, bool blocked)
{
    fields in(at.body);
    std::string const named = key_field(in);
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    key_record key;
    result<void> const done =
        at.at.directory().change([&](ledger::directory const& all) -> result<ledger::record_changes> {
            result<ledger::key_ptr> const old = key_named(named, all, at.at.digester());
            if (!old) {
                return old.error();
            }
            if (result<void> const may =
                    may_change(at.who, **old, all, blocked ? "/key/block" : "/key/unblock");
                !may) {
                return may.error();
            }
            key = **old;
            key.blocked = blocked;
            if (result<void> const may = settle_key(at, all, **old, key); !may) {
                return may.error();
            }
            touch(key.made, at);
            return ledger::record_changes{{key}, {}};
        });
    if (!done) {
        return done.error();
    }
    return view(at).key(key);
}

/// The keys of {"keys": [...]} or {"key_aliases": [...]}, each once.
result<std::vector<ledger::key_ptr>> named_keys(std::vector<std::string> const& keys,
                                                std::vector<std::string> const& key_aliases,
                                                managed const& at, ledger::directory const& all)
{
    std::vector<ledger::key_ptr> out;
    auto const add = [&](ledger::key_ptr const& one) {
        auto const same = [&](ledger::key_ptr const& other) { return other->digest == one->digest; };
        if (std::none_of(out.begin(), out.end(), same)) {
            out.push_back(one);
        }
    };
    for (std::string const& named : keys) {
        result<ledger::key_ptr> const one = key_named(named, all, at.at.digester(), "keys");
        if (!one) {
            return one.error();
        }
        add(*one);
    }
    for (std::string const& alias : key_aliases) {
        ledger::key_ptr const one = all.find_key_by_alias(alias);
        if (one == nullptr) {
            return failure{error_kind::not_found, "No key has the alias '" + alias + "'."}
                .with_code("key_not_found")
                .with_param("key_aliases");
        }
        add(one);
    }
    return out;
}

} // namespace

result<std::string> update_key(managed const& at)
{
    result<key_record> const key = updated(at, at.body, "/key/update", {});
    if (!key) {
        return key.error();
    }
    std::string out;
    shape to(out);
    to.text("key", key->digest);
    view(at).write_key(to, *key);
    to.end();
    return out;
}

result<std::string> bulk_update_keys(managed const& at)
{
    fields in(at.body);
    json::value const keys = in.value("keys");
    if (!keys.is_array() || keys.size() == 0 || keys.size() > most_keys_at_once) {
        in.blame("keys", "must be a list of 1 to " + std::to_string(most_keys_at_once) + " objects.");
    }
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    std::vector<std::string> done;
    std::vector<std::string> failed;
    std::size_t index = 0;
    for (json::value const said : keys) {
        result<key_record> const key =
            updated(at, said, "/key/bulk_update", "keys[" + std::to_string(index++) + "].");
        std::string text;
        shape to(text);
        if (key) {
            to.text("key", key->digest).raw("key_info", view(at).key(*key)).end();
            done.push_back(std::move(text));
        } else {
            to.text("key", ledger::masked_key(said["key"].string())).raw("key_info", "null");
            to.text("failed_reason", key.error()->message).end();
            failed.push_back(std::move(text));
        }
    }
    std::string out;
    shape to(out);
    to.number("total_requested", static_cast<std::int64_t>(keys.size()));
    to.list("successful_updates", done).list("failed_updates", failed).end();
    return out;
}

result<std::string> delete_keys(managed const& at)
{
    fields in(at.body);
    std::vector<std::string> keys;
    std::vector<std::string> aliases_of_keys;
    json::value const said = in.value("keys");
    for (json::value const one : said) { // a key may be longer than a name
        if (!one.is_string() || one.string().empty()) {
            in.blame("keys", "must be a list of keys.");
        }
        keys.push_back(one.string());
    }
    if (said.exists() && !said.is_array()) {
        in.blame("keys", "must be a list of keys.");
    }
    in.names("key_aliases", aliases_of_keys);
    in.ignore_rest();
    if (keys.empty() && aliases_of_keys.empty()) {
        in.blame("keys", "or 'key_aliases' is required.");
    }
    if (keys.size() > most_names) {
        in.blame("keys", "must be at most " + std::to_string(most_names) + " keys.");
    }
    if (in.fault()) {
        return *in.fault();
    }
    std::vector<std::string> deleted;
    result<void> const done =
        at.at.directory().change([&](ledger::directory const& all) -> result<ledger::record_changes> {
            result<std::vector<ledger::key_ptr>> const found = named_keys(keys, aliases_of_keys, at, all);
            if (!found) {
                return found.error();
            }
            ledger::record_changes changes;
            for (ledger::key_ptr const& one : *found) {
                if (result<void> const may = may_change(at.who, *one, all, "/key/delete"); !may) {
                    return may.error();
                }
                changes.removed.push_back({ledger::record_kind::key, one->digest});
                deleted.push_back(one->digest);
            }
            return changes;
        });
    if (!done) {
        return done.error();
    }
    std::string out;
    shape(out).names("deleted_keys", deleted).end();
    return out;
}

result<std::string> block_key(managed const& at)
{
    return set_blocked(at, true);
}

result<std::string> unblock_key(managed const& at)
{
    return set_blocked(at, false);
}

} // namespace cogate::server::manage

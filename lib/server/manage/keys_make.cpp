#include "lib/server/manage/keys.hpp"

#include "lib/server/manage/configured.hpp"
#include "lib/server/manage/key_request.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/show.hpp"

namespace cogate::server::manage {
namespace {

using ledger::key_record;

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
            if (result<void> const free = must_be_free(key.digest, in_use, "key"); !free) {
                return free.error();
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

} // namespace

secret seal_key(managed const& at, std::string const* chosen, key_record& key)
{
    secret text = chosen != nullptr ? secret(*chosen) : ledger::make_key();
    key.digest = at.at.digester().digest_of(text.reveal());
    key.masked = ledger::masked_key(text.reveal());
    return text;
}

result<void> must_be_free(std::string_view digest, ledger::directory const& in, std::string_view field)
{
    if (!in.is_taken(digest)) {
        return {};
    }
    return failure{error_kind::invalid_request,
                   "The key that '" + std::string(field) + "' chooses is in use."}
        .with_code("already_exists")
        .with_param(std::string(field));
}

std::string made_answer(managed const& at, secret const& text, key_record const& key)
{
    std::string out;
    shape to(out);
    to.text("key", text.reveal()).text("token_id", key.digest);
    view(at).write_key(to, key);
    to.end();
    return out;
}

result<std::string> generate_key(managed const& at)
{
    return make(at, false);
}

result<std::string> generate_service_account_key(managed const& at)
{
    return make(at, true);
}

} // namespace cogate::server::manage

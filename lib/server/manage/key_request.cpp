#include "lib/server/manage/key_request.hpp"

#include "lib/ledger/accounts/key_text.hpp"
#include "lib/server/manage/configured.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/terms.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

void read_expiry(fields& from, ledger::key_record& to, ledger::moment now)
{
    json::value const said = from.value("duration");
    if (!from.has("duration")) {
        return;
    }
    if (!said.exists() || said.equals("") || said.equals("-1")) { // LiteLLM: "-1" never expires
        to.expires.reset();
        return;
    }
    std::optional<ledger::moment> const end = said.is_string() ? end_of(said.string(), now) : std::nullopt;
    if (!end) {
        from.blame("duration",
                   "must be a span such as \"30s\", \"30m\", \"12h\", \"30d\", \"2w\" or \"1mo\".");
        return;
    }
    to.expires = end;
}

void read_tags(fields& from, ledger::key_record& to)
{
    from.names("tags", to.tags);
    if (!from.has("tags")) {
        json::value const metadata = from.value("metadata");
        if (metadata["tags"].is_array()) {
            fields in(metadata, "metadata.");
            in.names("tags", to.tags);
            from.adopt(in);
        }
    }
    if (to.tags.size() > ledger::max_tags) {
        from.blame("tags", "must be at most " + std::to_string(ledger::max_tags) + " tags.");
    }
}

/// Who lowers what another has set does not thereby own it.
void note_who(ledger::principal const& who, ledger::directory const& in, ledger::key_record const& before,
              ledger::key_record& key)
{
    bool const is_new = before.digest.empty();
    bool const changed = key.has != before.has || key.budget != before.budget || key.tags != before.tags ||
                         key.expires != before.expires;
    if (is_new || (changed && may_lift(who, before, in))) {
        key.terms_by = who.name();
    }
    if (!key.blocked || !before.blocked) {
        key.blocked_by = key.blocked ? who.name() : std::string();
    }
}

} // namespace

void read_key(fields& from, ledger::key_record& to, ledger::moment now)
{
    from.name("key_alias", to.alias);
    from.name("user_id", to.user);
    from.name("team_id", to.team);
    from.name("organization_id", to.organisation);
    from.name("budget_id", to.budget);
    from.word("key_type", ledger::parse_key_type, "default, llm_api, management, read_only", to.type);
    read_terms(from, to.has, now);
    from.names("models", to.models);
    from.pairs("aliases", to.aliases);
    from.names("allowed_routes", to.allowed_routes);
    from.flag("blocked", to.blocked);
    from.object("metadata", to.metadata);
    read_tags(from, to);
    read_expiry(from, to, now);
}

result<void> settle_key(managed const& at, ledger::directory const& in, ledger::key_record const& before,
                        ledger::key_record& key)
{
    // owners that went away after the key was made stand in no change's way
    auto const fresh = [](std::string const& now, std::string const& was) {
        return now == was ? std::string_view{} : std::string_view(now);
    };
    result<void> const known =
        names_known(fresh(key.user, before.user), fresh(key.team, before.team),
                    fresh(key.organisation, before.organisation), fresh(key.budget, before.budget), in);
    if (!known) {
        return known.error();
    }
    if (key.team != before.team && key.organisation == before.organisation) {
        ledger::team_ptr const team = key.team.empty() ? nullptr : in.find_team(key.team);
        key.organisation = team ? team->organisation : key.organisation;
    }
    if (!key.alias.empty() && key.alias != before.alias) {
        ledger::key_ptr const other = in.find_key_by_alias(key.alias);
        if (other != nullptr && other->digest != before.digest) {
            return already_there("A key with the alias", key.alias, "key_alias");
        }
    }
    ledger::key_record const asked = key;
    if (result<void> const may = bound_by(at.who, in, before, key); !may) {
        return may.error();
    }
    note_who(at.who, in, before, key);
    return hold_to_bounds(at, in, before, asked, key);
}

std::optional<std::string> chosen_key(fields& from, std::string_view field)
{
    json::value const said = from.value(field);
    if (!said.exists()) {
        return std::nullopt;
    }
    std::string text = said.string();
    bool const is_plain = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    if (!text.starts_with("sk-") || text.size() < ledger::least_chosen_key ||
        text.size() > ledger::longest_key || !is_plain) {
        from.blame(field, "must start with \"sk-\" and have " + std::to_string(ledger::least_chosen_key) +
                              " to " + std::to_string(ledger::longest_key) + " visible ASCII characters.");
    }
    return text;
}

} // namespace cogate::server::manage

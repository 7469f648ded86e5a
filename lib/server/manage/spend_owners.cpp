#include "lib/ledger/export.hpp"
#include "lib/server/manage/spend_handlers.hpp"
#include "lib/server/manage/spend_json.hpp"
#include "lib/server/manage/spend_query.hpp"

#include <algorithm>
#include <unordered_map>

namespace cogate::server::manage {
namespace {

/// More owners than a list without pages can name.
constexpr std::size_t most_owners = 100'000;

using amounts = std::unordered_map<std::string, ledger::nanos>;

/// What every owner of a kind has spent since the beginning.
result<amounts> spent_by(managed const& what, ledger::scope_kind kind)
{
    result<ledger::owner_sums> const sums = ledger::sums_by(what.at.ledger_path(), kind, {}, most_owners);
    if (!sums) {
        return sums.error();
    }
    if (sums->has_more) {
        return failure{error_kind::invalid_request, "There are too many for one list."}.with_code(
            "report_too_large");
    }
    amounts out;
    for (ledger::owner_sum const& one : sums->owners) {
        out.emplace(one.id, one.of.spent);
    }
    return out;
}

/// Orders records by what they have spent, most first; equals keep their order.
template <class Pointer, class Id>
std::vector<std::pair<Pointer, ledger::nanos>> ordered(std::vector<Pointer> const& records,
                                                       amounts const& spent, Id id)
{
    std::vector<std::pair<Pointer, ledger::nanos>> out;
    for (Pointer const& one : records) {
        auto const found = spent.find(id(*one));
        out.emplace_back(one, found == spent.end() ? 0 : found->second);
    }
    std::stable_sort(out.begin(), out.end(),
                     [](auto const& a, auto const& b) { return a.second > b.second; });
    return out;
}

void write_budget(json::writer& to, ledger::terms const& has)
{
    to.key("max_budget");
    if (has.max_budget) {
        to.raw(to_string(money::from_nanos(*has.max_budget)));
    } else {
        to.value(nullptr);
    }
    write_text(to, "budget_duration", has.budget_duration);
}

void write_models(json::writer& to, std::vector<std::string> const& models)
{
    to.key("models").begin_array();
    for (std::string const& model : models) {
        to.value(model);
    }
    to.end_array();
}

void write_key(json::writer& to, ledger::key_record const& key, ledger::nanos spent)
{
    to.begin_object().member("token", key.digest).member("key_name", key.masked);
    write_text(to, "key_alias", key.alias);
    write_dollars(to, "spend", spent);
    write_text(to, "user_id", key.user);
    write_text(to, "team_id", key.team);
    write_text(to, "organization_id", key.organisation);
    write_budget(to, key.has);
    write_models(to, key.models);
    to.member("blocked", key.blocked);
    write_text(to, "expires", key.expires ? ledger::rfc3339(*key.expires) : std::string());
    write_text(to, "created_at", ledger::rfc3339(key.made.created_at));
    to.raw_member("metadata", key.metadata).end_object();
}

void write_user(json::writer& to, ledger::user_record const& user, ledger::nanos spent)
{
    to.begin_object().member("user_id", user.id);
    write_text(to, "user_alias", user.alias);
    write_text(to, "user_email", user.email);
    to.member("user_role", ledger::to_string(user.role));
    write_dollars(to, "spend", spent);
    write_text(to, "organization_id", user.organisation);
    write_budget(to, user.has);
    write_models(to, user.models);
    write_text(to, "created_at", ledger::rfc3339(user.made.created_at));
    to.raw_member("metadata", user.metadata).end_object();
}

bool is_theirs(ledger::scope const& own, ledger::key_record const& key)
{
    return own.id == (own.kind == ledger::scope_kind::user ? key.user : key.digest);
}

} // namespace

result<std::string> spend_keys(managed const& what)
{
    result<std::optional<ledger::scope>> const own = visible_to(what.who);
    if (!own) {
        return own.error();
    }
    result<amounts> const spent = spent_by(what, ledger::scope_kind::key);
    if (!spent) {
        return spent.error();
    }
    std::string out;
    json::writer to(out);
    to.begin_array();
    auto const digest = [](ledger::key_record const& key) -> std::string const& { return key.digest; };
    for (auto const& [key, amount] : ordered(what.at.directory().keys(), *spent, digest)) {
        if (!*own || is_theirs(**own, *key)) {
            write_key(to, *key, amount);
        }
    }
    to.end_array();
    return out;
}

result<std::string> spend_users(managed const& what)
{
    query asked(what.query);
    std::optional<std::string> wanted = asked.one("user_id");
    if (asked.fault()) {
        return *asked.fault();
    }
    result<std::optional<ledger::scope>> const own = visible_to(what.who);
    if (!own) {
        return own.error();
    }
    if (*own) {
        bool const is_user = (*own)->kind == ledger::scope_kind::user;
        if (!is_user || (wanted && *wanted != (*own)->id)) {
            return failure{error_kind::permission_denied, "This key may not see what other users have spent."}
                .with_param("user_id");
        }
        wanted = (*own)->id;
    }
    if (wanted && !what.at.directory().find_user(*wanted)) {
        return failure{error_kind::not_found, "There is no user with this id."}.with_param("user_id");
    }
    result<amounts> const spent = spent_by(what, ledger::scope_kind::user);
    if (!spent) {
        return spent.error();
    }
    std::string out;
    json::writer to(out);
    to.begin_array();
    auto const id = [](ledger::user_record const& user) -> std::string const& { return user.id; };
    for (auto const& [user, amount] : ordered(what.at.directory().users(), *spent, id)) {
        if (!wanted || user->id == *wanted) {
            write_user(to, *user, amount);
        }
    }
    to.end_array();
    return out;
}

} // namespace cogate::server::manage

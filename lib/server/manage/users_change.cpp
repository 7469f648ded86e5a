#include "lib/server/manage/users.hpp"

#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/show.hpp"
#include "lib/server/manage/terms.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using ledger::record_changes;
using ledger::user_record;

constexpr std::size_t most_users_at_once = 500; // as LiteLLM

constexpr std::string_view roles = "proxy_admin, proxy_admin_viewer, internal_user, internal_user_viewer";

void read_email(fields& from, std::string& to)
{
    from.name("user_email", to);
    if (!to.empty() && (to.find('@') == std::string::npos || to.find(' ') != std::string::npos)) {
        from.blame("user_email", "must be an email address.");
    }
}

result<user_record> updated(managed const& at, json::value said, std::string within)
{
    fields in(said, std::move(within));
    member_name named;
    in.name("user_id", named.user);
    std::string new_email;
    read_email(in, new_email);
    if (named.user.empty() && new_email.empty()) {
        in.blame("user_id", "or 'user_email' is required.");
    }
    if (named.user.empty()) {
        named.email = new_email;
    }
    if (in.fault()) {
        return *in.fault();
    }
    user_record user;
    std::optional<ledger::nanos> spent;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<ledger::user_ptr> const old = existing_user(named, all);
        if (!old) {
            return old.error();
        }
        user = **old;
        read_user(in, user, at.now);
        in.money("spend", spent);
        in.keep_rest(user.other);
        if (in.fault()) {
            return *in.fault();
        }
        bool const same_organisation = user.organisation == (*old)->organisation;
        bool const same_budget = user.budget == (*old)->budget;
        result<void> done = names_known({}, {}, same_organisation ? std::string_view{} : user.organisation,
                                        same_budget ? std::string_view{} : user.budget, all);
        if (done && user.email != (*old)->email) {
            done = email_is_free(user, all);
        }
        if (!done) {
            return done.error();
        }
        if (spent) {
            user.other = with_mark(user.other, {at.now, *spent});
        }
        touch(user.made, at);
        return record_changes{{user}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    ledger::scope const owner{ledger::scope_kind::user, user.id};
    if (spent) {
        apply_mark(at.at.book(), owner, {at.now, *spent}, at.now);
    }
    return user;
}

/// One of LiteLLM's UserUpdateResult.
std::string update_row(std::string_view id, std::string_view email, result<user_record> const& done,
                       view& shown)
{
    std::string out;
    shape to(out);
    if (done) {
        to.text("user_id", done->id).text("user_email", done->email).flag("success", true);
        to.raw("error", "null").raw("updated_user", shown.user(*done)).end();
    } else {
        to.text("user_id", id).text("user_email", email).flag("success", false);
        to.text("error", done.error()->message).raw("updated_user", "null").end();
    }
    return out;
}

/// "users": [...], each for itself.
void update_each(managed const& at, json::value users, std::vector<std::string>& rows, std::int64_t& good)
{
    view shown(at);
    for (json::value const one : users) {
        result<user_record> const done = updated(at, one, "users[" + std::to_string(rows.size()) + "].");
        good += done ? 1 : 0;
        rows.push_back(update_row(one["user_id"].string(), one["user_email"].string(), done, shown));
    }
}

/// "all_users" and "user_updates": the same for everybody.
result<void> update_all(managed const& at, json::value updates, std::vector<std::string>& rows,
                        std::int64_t& good)
{
    std::vector<ledger::user_ptr> const all = at.at.directory().users();
    if (all.size() > most_users_at_once) {
        return failure{error_kind::invalid_request, "There are " + std::to_string(all.size()) +
                                                        " users; at most " +
                                                        std::to_string(most_users_at_once) +
                                                        " may be changed at once: name them in 'users'."}
            .with_param("all_users");
    }
    view shown(at);
    for (ledger::user_ptr const& user : all) {
        std::string text;
        shape to(text);
        to.text("user_id", user->id).rest(updates.raw()).end();
        json::document said;
        json::parse_error ignored;
        said.parse(text, ignored);
        result<user_record> const done = updated(at, said.root(), "user_updates.");
        good += done ? 1 : 0;
        rows.push_back(update_row(user->id, user->email, done, shown));
    }
    return {};
}

} // namespace

void read_user(fields& from, user_record& to, ledger::moment now)
{
    from.name("user_alias", to.alias);
    read_email(from, to.email);
    from.word("user_role", ledger::parse_user_role, roles, to.role);
    from.name("organization_id", to.organisation);
    from.name("budget_id", to.budget);
    read_terms(from, to.has, now);
    from.names("models", to.models);
    from.flag("blocked", to.blocked);
    from.object("metadata", to.metadata);
}

result<void> email_is_free(user_record const& user, ledger::directory const& in)
{
    if (user.email.empty()) {
        return {};
    }
    result<ledger::user_ptr> const other = user_with_email(user.email, in);
    if ((other && (*other)->id != user.id) || (!other && other.error()->kind != error_kind::not_found)) {
        return already_there("A user with the email address", user.email, "user_email");
    }
    return {};
}

result<std::string> update_user(managed const& at)
{
    result<user_record> const user = updated(at, at.body, {});
    if (!user) {
        return user.error();
    }
    view shown(at);
    std::string out;
    shape to(out);
    shown.write_user(to, *user);
    to.raw("data", shown.user(*user)).end();
    return out;
}

result<std::string> bulk_update_users(managed const& at)
{
    fields in(at.body);
    json::value const users = in.value("users");
    json::value const updates = in.value("user_updates");
    bool of_all = false;
    in.flag("all_users", of_all);
    bool const lists = users.is_array() && users.size() != 0;
    if (lists == of_all) {
        in.blame("users", "or 'all_users' with 'user_updates' is required, and not both.");
    }
    if (users.exists() && (!users.is_array() || users.size() > most_users_at_once)) {
        in.blame("users", "must be a list of at most " + std::to_string(most_users_at_once) + " objects.");
    }
    if (of_all && (!updates.is_object() || updates.size() == 0)) {
        in.blame("user_updates", "must be an object of what to change.");
    }
    for (std::string_view const name : {"user_id", "user_email"}) {
        if (of_all && updates[name].exists()) {
            in.blame("user_updates", "must not hold '" + std::string(name) + "'.");
        }
    }
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    std::vector<std::string> rows;
    std::int64_t good = 0;
    if (!of_all) {
        update_each(at, users, rows, good);
    } else if (result<void> const done = update_all(at, updates, rows, good); !done) {
        return done.error();
    }
    auto const total = static_cast<std::int64_t>(rows.size());
    std::string out;
    shape to(out);
    to.list("results", rows).number("total_requested", total);
    to.number("successful_updates", good).number("failed_updates", total - good).end();
    return out;
}

} // namespace cogate::server::manage

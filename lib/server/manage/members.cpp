#include "lib/server/manage/members.hpp"

#include "lib/server/manage/configured.hpp"
#include "lib/server/manage/lookup.hpp"

#include <algorithm>
#include <utility>

namespace cogate::server::manage {

std::optional<bool> parse_member_role(std::string_view word)
{
    return word == "admin" ? std::optional(true) : word == "user" ? std::optional(false) : std::nullopt;
}

std::optional<bool> parse_organisation_role(std::string_view word)
{
    bool const is_user = word == "internal_user" || word == "internal_user_viewer";
    return word == "org_admin" ? std::optional(true) : is_user ? std::optional(false) : std::nullopt;
}

member_name read_member_name(fields& from)
{
    member_name out;
    from.name("user_id", out.user);
    from.name("user_email", out.email);
    if (out.user.empty() && out.email.empty()) {
        from.blame("user_id", "or 'user_email' is required.");
    }
    return out;
}

result<ledger::user_ptr> existing_user(member_name const& named, ledger::directory const& in)
{
    return named.user.empty() ? user_with_email(named.email, in) : user_named(named.user, in);
}

result<ledger::user_record> user_of(member_name const& named, managed const& at, ledger::directory const& in,
                                    ledger::record_changes& changes)
{
    for (ledger::record const& one : changes.put) { // made a moment ago by the same request
        ledger::user_record const* const user = std::get_if<ledger::user_record>(&one);
        if (user != nullptr && (named.user.empty() ? user->email == named.email : user->id == named.user)) {
            return *user;
        }
    }
    result<ledger::user_ptr> const found = existing_user(named, in);
    if (found) {
        return **found;
    }
    if (found.error()->kind != error_kind::not_found) {
        return found.error();
    }
    ledger::user_record user;
    user.id = named.user.empty() ? fresh_id(at.now) : named.user;
    user.email = named.email;
    user.made = made_by(at);
    give_defaults(at, user);
    changes.put.emplace_back(user);
    return user;
}

std::vector<said_member> read_members(fields& from, std::string_view field,
                                      std::optional<bool> (*read_role)(std::string_view),
                                      std::string_view roles)
{
    std::vector<said_member> out;
    json::value const said = from.value(field);
    auto const read = [&](json::value one, std::string const& within) {
        said_member member;
        fields in(one, within);
        if (!one.is_object()) {
            in.blame("user_id", "or 'user_email' is required.");
        }
        member.named = read_member_name(in);
        in.word("role", read_role, roles, member.is_admin);
        in.ignore_rest();
        from.adopt(in);
        out.push_back(std::move(member));
    };
    if (said.is_array()) {
        if (said.size() > most_names) {
            from.blame(field, "must be at most " + std::to_string(most_names) + " members.");
            return out;
        }
        for (json::value const one : said) {
            read(one, std::string(field) + '[' + std::to_string(out.size()) + "].");
        }
    } else if (said.is_object()) {
        read(said, std::string(field) + '.');
    } else if (said.exists()) {
        from.blame(field, "must be a member, or a list of members.");
    }
    return out;
}

result<void> add_members(std::vector<ledger::team_member>& to, std::vector<said_member> const& said,
                         ledger::terms const& terms, managed const& at, ledger::directory const& in,
                         ledger::record_changes& changes, std::vector<ledger::user_record>* users)
{
    for (said_member const& one : said) {
        result<ledger::user_record> user = user_of(one.named, at, in, changes);
        if (!user) {
            return user.error();
        }
        auto const is_there = [&](ledger::team_member const& member) { return member.user == user->id; };
        if (std::any_of(to.begin(), to.end(), is_there)) {
            return already_there("The member", user->id, "member");
        }
        to.push_back({user->id, one.is_admin, {}, terms});
        if (users != nullptr) {
            users->push_back(*std::move(user));
        }
    }
    return {};
}

result<std::size_t> member_index(std::vector<ledger::team_member> const& members, member_name const& named,
                                 ledger::directory const& in)
{
    std::string id = named.user;
    if (id.empty()) {
        result<ledger::user_ptr> const user = user_with_email(named.email, in);
        if (!user) {
            return user.error();
        }
        id = (*user)->id;
    }
    auto const found = std::find_if(members.begin(), members.end(),
                                    [&](ledger::team_member const& one) { return one.user == id; });
    if (found == members.end()) {
        return failure{error_kind::not_found, "The user '" + id + "' is not a member."}
            .with_code("not_found")
            .with_param(named.user.empty() ? "user_email" : "user_id");
    }
    return static_cast<std::size_t>(found - members.begin());
}

} // namespace cogate::server::manage

#include "lib/ledger/accounts/principal.hpp"

namespace cogate::ledger {

namespace {

failure refused(std::string message, std::string code)
{
    return failure{error_kind::authentication, std::move(message)}.with_code(std::move(code));
}

bool has_role(principal const& who, user_role role) noexcept
{
    return who.user != nullptr && who.user->role == role;
}

} // namespace

bool principal::is_admin() const noexcept
{
    return is_master || has_role(*this, user_role::proxy_admin);
}

bool principal::is_viewer() const noexcept
{
    return is_admin() || has_role(*this, user_role::proxy_admin_viewer);
}

bool principal::administers_team(std::string_view team_id) const noexcept
{
    if (is_admin()) {
        return true;
    }
    if (user == nullptr || team == nullptr || team->id != team_id) {
        return false;
    }
    team_member const* const member = team->find_member(user->id);
    if (member != nullptr && member->is_admin) {
        return true;
    }
    if (organisation == nullptr || team->organisation.empty() || organisation->id != team->organisation) {
        return false;
    }
    team_member const* const leader = organisation->find_member(user->id);
    return leader != nullptr && leader->is_admin;
}

std::string principal::name() const
{
    if (user != nullptr) {
        return user->id;
    }
    if (is_master) {
        return "master";
    }
    return key != nullptr ? "key:" + key->digest.substr(0, 12) : std::string();
}

result<principal> principal_of(directory const& in, key_ptr key, moment now, std::string_view presented)
{
    if (key == nullptr) {
        return refused("The key is not known.", "invalid_api_key");
    }
    if (!presented.empty() && !opens(*key, presented, now)) {
        return refused("The key has been replaced by another.", "invalid_api_key");
    }
    std::string const named = "The key " + key->masked;
    if (key->blocked) {
        return refused(named + " is blocked.", "blocked_key");
    }
    if (key->expires && now >= *key->expires) {
        return refused(named + " has expired.", "expired_key");
    }
    principal who;
    who.user = in.find_user(key->user);
    if (who.user != nullptr && who.user->blocked) {
        return refused("The user of the key " + key->masked + " is blocked.", "blocked_user");
    }
    who.team = in.find_team(key->team);
    if (!key->team.empty() && (who.team == nullptr || who.team->blocked)) {
        return refused("The team of the key " + key->masked + " is blocked or has been removed.",
                       "blocked_team");
    }
    std::string const& organisation = !key->organisation.empty() ? key->organisation
                                      : who.team != nullptr      ? who.team->organisation
                                      : who.user != nullptr      ? who.user->organisation
                                                                 : key->organisation;
    who.organisation = in.find_organisation(organisation);
    who.key = std::move(key);
    return who;
}

} // namespace cogate::ledger

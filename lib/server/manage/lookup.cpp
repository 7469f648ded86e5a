#include "lib/server/manage/lookup.hpp"

#include "lib/core/ids.hpp"
#include "lib/core/text.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace cogate::server::manage {
namespace {

constexpr std::size_t digest_size = 64;

failure unknown(std::string_view what, std::string_view id, std::string_view param)
{
    return failure{error_kind::not_found,
                   std::string(what) + " '" + std::string(id.substr(0, 256)) + "' does not exist."}
        .with_code("not_found")
        .with_param(std::string(param));
}

template <class Pointer>
result<Pointer> found(Pointer one, std::string_view what, std::string_view id, std::string_view param)
{
    if (one == nullptr) {
        return unknown(what, id, param);
    }
    return one;
}

ledger::key_ptr find_named_key(std::string_view named, ledger::directory const& in,
                               ledger::key_digester const& digester)
{
    ledger::key_ptr one = named.size() == digest_size ? in.find_key(named) : nullptr;
    return one != nullptr ? one : in.find_key_opened_by(digester.digest_of(named));
}

} // namespace

std::string digest_named(std::string_view named, ledger::directory const& in,
                         ledger::key_digester const& digester)
{
    ledger::key_ptr const one = find_named_key(named, in, digester);
    return one != nullptr ? one->digest : digester.digest_of(named);
}

result<ledger::key_ptr> key_named(std::string_view named, ledger::directory const& in,
                                  ledger::key_digester const& digester, std::string_view param)
{
    ledger::key_ptr one = find_named_key(named, in, digester);
    if (one == nullptr) {
        return failure{error_kind::not_found, "The key " + ledger::masked_key(named) + " does not exist."}
            .with_code("key_not_found")
            .with_param(std::string(param));
    }
    return one;
}

result<ledger::user_ptr> user_named(std::string_view id, ledger::directory const& in, std::string_view param)
{
    return found(in.find_user(id), "The user", id, param);
}

result<ledger::team_ptr> team_named(std::string_view id, ledger::directory const& in, std::string_view param)
{
    return found(in.find_team(id), "The team", id, param);
}

result<ledger::organisation_ptr> organisation_named(std::string_view id, ledger::directory const& in,
                                                    std::string_view param)
{
    return found(in.find_organisation(id), "The organization", id, param);
}

result<ledger::end_user_ptr> end_user_named(std::string_view id, ledger::directory const& in,
                                            std::string_view param)
{
    return found(in.find_end_user(id), "The customer", id, param);
}

result<ledger::budget_ptr> budget_named(std::string_view id, ledger::directory const& in,
                                        std::string_view param)
{
    return found(in.find_budget(id), "The budget", id, param);
}

result<ledger::tag_ptr> tag_named(std::string_view id, ledger::directory const& in, std::string_view param)
{
    return found(in.find_tag(id), "The tag", id, param);
}

result<ledger::user_ptr> user_with_email(std::string_view email, ledger::directory const& in,
                                         std::string_view param)
{
    ledger::user_ptr one;
    for (ledger::user_ptr const& user : in.users()) {
        if (!core::iequals(user->email, email)) {
            continue;
        }
        if (one != nullptr) {
            return failure{error_kind::invalid_request,
                           "Several users have this email address; name the user's id."}
                .with_param(std::string(param));
        }
        one = user;
    }
    return found(one, "The user", email, param);
}

result<void> names_known(std::string_view user, std::string_view team, std::string_view organisation,
                         std::string_view budget, ledger::directory const& in)
{
    if (!user.empty() && in.find_user(user) == nullptr) {
        return unknown("The user", user, "user_id");
    }
    if (!team.empty() && in.find_team(team) == nullptr) {
        return unknown("The team", team, "team_id");
    }
    if (!organisation.empty() && in.find_organisation(organisation) == nullptr) {
        return unknown("The organization", organisation, "organization_id");
    }
    if (!budget.empty() && in.find_budget(budget) == nullptr) {
        return unknown("The budget", budget, "budget_id");
    }
    return {};
}

failure already_there(std::string_view what, std::string_view name, std::string_view param)
{
    return failure{error_kind::invalid_request,
                   std::string(what) + " '" + std::string(name.substr(0, 256)) + "' exists already."}
        .with_code("already_exists")
        .with_param(std::string(param));
}

std::string fresh_id(ledger::moment now)
{
    std::array<char, 16> random{};
    core::secure_random(random);
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    std::memcpy(&a, random.data(), 8);
    std::memcpy(&b, random.data() + 8, 8);
    std::array<char, core::uuid_size> text{};
    auto const since = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch();
    core::uuid_v7(static_cast<std::uint64_t>(since.count()), a, b, text);
    return {text.data(), text.size()};
}

ledger::stamps made_by(managed const& at)
{
    std::string const name = at.who.name();
    return {at.now, at.now, name, name};
}

void touch(ledger::stamps& made, managed const& at)
{
    made.updated_at = at.now;
    made.updated_by = at.who.name();
}

} // namespace cogate::server::manage

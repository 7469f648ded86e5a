#include "lib/ledger/accounts/record_limits.hpp"

#include "lib/ledger/accounts/directory.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace cogate::ledger {

namespace {

struct kind_limit {
    record_kind kind;
    std::size_t record_limits::*most;
    std::string_view plural;
};

constexpr std::array kind_limits{
    kind_limit{record_kind::key, &record_limits::keys, "keys"},
    kind_limit{record_kind::user, &record_limits::users, "users"},
    kind_limit{record_kind::team, &record_limits::teams, "teams"},
    kind_limit{record_kind::organisation, &record_limits::others, "organizations"},
    kind_limit{record_kind::end_user, &record_limits::end_users, "customers"},
    kind_limit{record_kind::budget, &record_limits::others, "budgets"},
    kind_limit{record_kind::tag, &record_limits::others, "tags"},
};

failure too_many(std::string_view what, std::size_t most, std::string_view param = {})
{
    failure out{error_kind::invalid_request, "This gateway keeps at most " + std::to_string(most) + ' ' +
                                                 std::string(what) +
                                                 "; take some away, or raise the limit in cogate.accounts."};
    out.with_code("too_many_records");
    if (!param.empty()) {
        out.with_param(std::string(param));
    }
    return out;
}

/// Each record that changes as it was and as it will be; null where it is not there.
struct change_of_one {
    record const* before = nullptr;
    record const* after = nullptr;
};

using changes_by_name = std::map<std::pair<record_kind, std::string_view>, change_of_one>;

changes_by_name by_name(record_changes const& changes)
{
    changes_by_name out;
    for (record const& one : changes.before) {
        out[{kind_of(one), id_of(one)}].before = &one;
    }
    for (record const& one : changes.put) {
        out[{kind_of(one), id_of(one)}].after = &one;
    }
    return out;
}

result<void> check_numbers(record_limits const& most, directory const& in, changes_by_name const& all)
{
    std::map<record_kind, std::ptrdiff_t> more;
    for (auto const& [name, one] : all) {
        more[name.first] += (one.after != nullptr ? 1 : 0) - (one.before != nullptr ? 1 : 0);
    }
    for (kind_limit const& limit : kind_limits) {
        std::ptrdiff_t const added = more[limit.kind];
        if (added > 0 && in.size(limit.kind) + static_cast<std::size_t>(added) > most.*limit.most) {
            return too_many(limit.plural, most.*limit.most);
        }
    }
    return {};
}

std::string_view user_of(record const* one)
{
    return one != nullptr ? std::string_view(std::get<key_record>(*one).user) : std::string_view{};
}

result<void> check_users(record_limits const& most, directory const& in, changes_by_name const& all)
{
    std::map<std::string_view, std::ptrdiff_t> more;
    for (auto const& [name, one] : all) {
        if (name.first == record_kind::key && user_of(one.before) != user_of(one.after)) {
            --more[user_of(one.before)];
            ++more[user_of(one.after)];
        }
    }
    for (auto const& [user, added] : more) {
        if (added <= 0 || user.empty()) {
            continue;
        }
        if (in.count_keys_of(user) + static_cast<std::size_t>(added) > most.keys_of_user) {
            return too_many("keys of one user", most.keys_of_user, "user_id");
        }
    }
    return {};
}

std::size_t members_of(record const* one)
{
    if (one == nullptr) {
        return 0;
    }
    auto const* const team = std::get_if<team_record>(one);
    auto const* const organisation = std::get_if<organisation_record>(one);
    return team != nullptr           ? team->members.size()
           : organisation != nullptr ? organisation->members.size()
                                     : 0;
}

} // namespace

result<void> check_limits(record_limits const& most, directory const& in, record_changes const& changes)
{
    changes_by_name const all = by_name(changes);
    for (auto const& [name, one] : all) {
        if (members_of(one.after) > std::max(most.members, members_of(one.before))) {
            return too_many("members of one team or organization", most.members, "member");
        }
    }
    if (result<void> const few = check_numbers(most, in, all); few.has_error()) {
        return few;
    }
    return check_users(most, in, all);
}

} // namespace cogate::ledger

#include "lib/server/manage/users.hpp"

#include "lib/server/manage/lookup.hpp"

#include <algorithm>

namespace cogate::server::manage {

result<std::string> delete_users(managed const& at)
{
    fields in(at.body);
    std::vector<std::string> const ids = in.required_names("user_ids");
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    auto const goes = [&](std::string const& id) {
        return std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    auto const decide = [&](ledger::directory const& all) -> result<ledger::record_changes> {
        ledger::record_changes changes;
        for (std::string const& id : ids) {
            if (result<ledger::user_ptr> const one = user_named(id, all, "user_ids"); !one) {
                return one.error();
            }
            changes.removed.push_back({ledger::record_kind::user, id});
        }
        for (ledger::key_ptr const& key : all.keys()) {
            if (!key->user.empty() && goes(key->user)) {
                changes.removed.push_back({ledger::record_kind::key, key->digest});
            }
        }
        auto const leave = [&](auto const& records) {
            for (auto const& one : records) {
                auto left = *one;
                if (std::erase_if(left.members, [&](ledger::team_member const& m) { return goes(m.user); }) !=
                    0) {
                    touch(left.made, at);
                    changes.put.emplace_back(std::move(left));
                }
            }
        };
        leave(all.teams());
        leave(all.organisations());
        return changes;
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return std::to_string(ids.size()); // LiteLLM's answer is the bare number
}

} // namespace cogate::server::manage

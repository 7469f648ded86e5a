#include "lib/server/manage/organisations.hpp"

#include "lib/server/manage/families.hpp"
#include "lib/server/manage/fields.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/paging.hpp"
#include "lib/server/manage/show.hpp"
#include "lib/server/manage/terms.hpp"

#include <algorithm>
#include <array>

namespace cogate::server::manage {
namespace {

using ledger::organisation_record;
using ledger::record_changes;
using ledger::route_class;

constexpr std::array routes{
    managed_route{"POST", "/organization/new", route_class::admin, new_organisation},
    managed_route{"PATCH", "/organization/update", route_class::admin, update_organisation},
    managed_route{"POST", "/organization/update", route_class::admin, update_organisation},
    managed_route{"DELETE", "/organization/delete", route_class::admin, delete_organisations},
    managed_route{"POST", "/organization/delete", route_class::admin, delete_organisations},
    managed_route{"GET", "/organization/info", route_class::self_service, organisation_info},
    managed_route{"GET", "/organization/list", route_class::self_service, list_organisations},
    managed_route{"POST", "/organization/member_add", route_class::self_service, add_organisation_members},
    managed_route{"PATCH", "/organization/member_update", route_class::self_service,
                  update_organisation_member},
    managed_route{"POST", "/organization/member_update", route_class::self_service,
                  update_organisation_member},
    managed_route{"DELETE", "/organization/member_delete", route_class::self_service,
                  delete_organisation_member},
    managed_route{"POST", "/organization/member_delete", route_class::self_service,
                  delete_organisation_member},
};

void read_organisation(fields& from, organisation_record& to, ledger::moment now)
{
    from.name("organization_alias", to.alias);
    from.name("budget_id", to.budget);
    read_terms(from, to.has, now);
    from.names("models", to.models);
    from.object("metadata", to.metadata);
}

} // namespace

result<std::string> new_organisation(managed const& at)
{
    fields in(at.body);
    organisation_record organisation;
    in.name("organization_id", organisation.id);
    read_organisation(in, organisation, at.now);
    if (organisation.alias.empty()) {
        in.blame("organization_alias", "is required.");
    }
    in.keep_rest(organisation.other);
    if (in.fault()) {
        return *in.fault();
    }
    organisation.id = organisation.id.empty() ? fresh_id(at.now) : organisation.id;
    organisation.made = made_by(at);
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        if (all.find_organisation(organisation.id) != nullptr) {
            return already_there("The organization", organisation.id, "organization_id");
        }
        if (result<void> const known = names_known({}, {}, {}, organisation.budget, all); !known) {
            return known.error();
        }
        return record_changes{{organisation}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return view(at).organisation(organisation);
}

result<std::string> update_organisation(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("organization_id");
    if (in.fault()) {
        return *in.fault();
    }
    organisation_record organisation;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<ledger::organisation_ptr> const old = organisation_named(id, all);
        if (!old) {
            return old.error();
        }
        organisation = **old;
        read_organisation(in, organisation, at.now);
        in.keep_rest(organisation.other);
        if (in.fault()) {
            return *in.fault();
        }
        bool const same = organisation.budget == (*old)->budget;
        if (result<void> const known =
                names_known({}, {}, {}, same ? std::string_view{} : organisation.budget, all);
            !known) {
            return known.error();
        }
        touch(organisation.made, at);
        return record_changes{{organisation}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return view(at).organisation(organisation);
}

result<std::string> delete_organisations(managed const& at)
{
    fields in(at.body);
    std::vector<std::string> const ids = in.required_names("organization_ids");
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    auto const goes = [&](std::string const& id) {
        return std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    std::vector<std::string> rows;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        record_changes changes;
        view shown(at);
        for (std::string const& id : ids) {
            result<ledger::organisation_ptr> const one = organisation_named(id, all, "organization_ids");
            if (!one) {
                return one.error();
            }
            rows.push_back(shown.organisation(**one));
            changes.removed.push_back({ledger::record_kind::organisation, id});
        }
        std::vector<std::string> teams;
        for (ledger::team_ptr const& team : all.teams()) {
            if (goes(team->organisation)) {
                changes.removed.push_back({ledger::record_kind::team, team->id});
                teams.push_back(team->id);
            }
        }
        for (ledger::key_ptr const& key : all.keys()) {
            if (goes(key->organisation) || std::find(teams.begin(), teams.end(), key->team) != teams.end()) {
                changes.removed.push_back({ledger::record_kind::key, key->digest});
            }
        }
        for (ledger::user_ptr const& user : all.users()) {
            if (goes(user->organisation)) {
                ledger::user_record left = *user;
                left.organisation.clear();
                touch(left.made, at);
                changes.put.emplace_back(std::move(left));
            }
        }
        return changes;
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return json_list(rows);
}

result<std::string> organisation_info(managed const& at)
{
    query asked(at.query);
    std::optional<std::string> const id = asked.one("organization_id");
    if (!id) {
        asked.blame("organization_id", "The query parameter 'organization_id' is required.");
    }
    if (asked.fault()) {
        return *asked.fault();
    }
    result<ledger::organisation_ptr> const one = organisation_named(*id, at.at.directory());
    if (!at.who.is_viewer() && (!one || !may_see(at.who, **one))) {
        return failure{error_kind::permission_denied, "The caller is not a member of this organization."}
            .with_code("not_yours");
    }
    if (!one) {
        return one.error();
    }
    return view(at).organisation(**one);
}

result<std::string> list_organisations(managed const& at)
{
    query asked(at.query);
    std::optional<std::string> const alias = asked.one("org_alias");
    std::optional<std::string> const id = asked.one("org_id");
    std::vector<ledger::organisation_ptr> all = at.at.directory().organisations();
    std::erase_if(all, [&](ledger::organisation_ptr const& one) {
        return !may_see(at.who, *one) || (alias && one->alias.find(*alias) == std::string::npos) ||
               (id && one->id != *id);
    });
    result<std::vector<ledger::organisation_ptr>> const part = listed(asked, all);
    if (!part) {
        return part.error();
    }
    view shown(at);
    std::vector<std::string> rows;
    for (ledger::organisation_ptr const& one : *part) {
        rows.push_back(shown.organisation(*one));
    }
    return json_list(rows);
}

std::span<managed_route const> organisation_routes() noexcept
{
    return routes;
}

} // namespace cogate::server::manage

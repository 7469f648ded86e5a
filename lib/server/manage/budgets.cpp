#include "lib/server/manage/families.hpp"
#include "lib/server/manage/fields.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/paging.hpp"
#include "lib/server/manage/show.hpp"
#include "lib/server/manage/terms.hpp"

#include <array>

/// The handlers of /budget/*: records that lend their terms to whoever names them.
namespace cogate::server::manage {
namespace {

using ledger::budget_record;
using ledger::record_changes;
using ledger::route_class;

result<std::string> new_budget(managed const& at)
{
    fields in(at.body);
    budget_record budget;
    in.name("budget_id", budget.id);
    read_terms(in, budget.has, at.now);
    in.keep_rest(budget.other);
    if (in.fault()) {
        return *in.fault();
    }
    budget.id = budget.id.empty() ? fresh_id(at.now) : budget.id;
    budget.made = made_by(at);
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        if (all.find_budget(budget.id) != nullptr) {
            return already_there("The budget", budget.id, "budget_id");
        }
        return record_changes{{budget}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return view(at).budget(budget);
}

result<std::string> update_budget(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("budget_id");
    if (in.fault()) {
        return *in.fault();
    }
    budget_record budget;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<ledger::budget_ptr> const old = budget_named(id, all);
        if (!old) {
            return old.error();
        }
        budget = **old;
        read_terms(in, budget.has, at.now);
        in.keep_rest(budget.other);
        if (in.fault()) {
            return *in.fault();
        }
        touch(budget.made, at);
        return record_changes{{budget}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return view(at).budget(budget);
}

/// The first record that names a budget, in words.
std::optional<std::string> user_of_budget(std::string const& id, ledger::directory const& in)
{
    std::optional<std::string> found;
    auto const look = [&](auto const& records, std::string_view what, auto const& name) {
        for (auto const& one : records) {
            if (!found && one->budget == id) {
                found = std::string(what) + " '" + name(*one) + '\'';
            }
        }
    };
    auto const name_of = [](auto const& one) { return one.id; };
    look(in.keys(), "the key",
         [](ledger::key_record const& key) { return key.alias.empty() ? key.masked : key.alias; });
    look(in.users(), "the user", name_of);
    look(in.teams(), "the team", name_of);
    look(in.organisations(), "the organization", name_of);
    look(in.end_users(), "the customer", name_of);
    look(in.tags(), "the tag", name_of);
    auto const look_at_members = [&](auto const& records, std::string_view what) {
        for (auto const& one : records) {
            for (ledger::team_member const& member : one->members) {
                if (!found && member.budget == id) {
                    found = "a member of " + std::string(what) + " '" + one->id + '\'';
                }
            }
        }
    };
    look_at_members(in.teams(), "the team");
    look_at_members(in.organisations(), "the organization");
    return found;
}

result<std::string> delete_budget(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("id");
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    budget_record budget;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<ledger::budget_ptr> const old = budget_named(id, all, "id");
        if (!old) {
            return old.error();
        }
        // to take a budget away from those that name it would lift their limits in silence
        if (std::optional<std::string> const user = user_of_budget(id, all)) {
            return failure{error_kind::invalid_request,
                           "The budget '" + id + "' is in use by " + *user + "; take it away there first."}
                .with_code("budget_in_use")
                .with_param("id");
        }
        budget = **old;
        return record_changes{{}, {{ledger::record_kind::budget, id}}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return view(at).budget(budget);
}

result<std::string> budget_info(managed const& at)
{
    fields in(at.body);
    std::vector<std::string> const ids = in.required_names("budgets");
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    view shown(at);
    std::vector<std::string> rows;
    for (std::string const& id : ids) {
        result<ledger::budget_ptr> const one = budget_named(id, at.at.directory(), "budgets");
        if (!one) {
            return one.error();
        }
        rows.push_back(shown.budget(**one));
    }
    return json_list(rows);
}

result<std::string> list_budgets(managed const& at)
{
    query asked(at.query);
    result<std::vector<ledger::budget_ptr>> const part = listed(asked, at.at.directory().budgets());
    if (!part) {
        return part.error();
    }
    view shown(at);
    std::vector<std::string> rows;
    for (ledger::budget_ptr const& one : *part) {
        rows.push_back(shown.budget(*one));
    }
    return json_list(rows);
}

struct setting {
    std::string_view name;
    std::string_view type;
    std::string_view description;
};

constexpr std::array settings{
    setting{"soft_budget", "Float", "Reported when it is reached; calls go on."},
    setting{"max_budget", "Float", "Calls that would overrun it are refused. US dollars."},
    setting{"max_parallel_requests", "Integer", "Calls at once."},
    setting{"tpm_limit", "Integer", "Tokens per minute."},
    setting{"rpm_limit", "Integer", "Requests per minute."},
    setting{"budget_duration", "String", "How often it starts anew: \"30s\", \"12h\", \"30d\", \"1mo\"."},
    setting{"model_max_budget", "Object", "Budgets of single models."},
};

result<std::string> budget_settings(managed const& at)
{
    query asked(at.query);
    std::optional<std::string> const id = asked.one("budget_id");
    if (!id) {
        asked.blame("budget_id", "The query parameter 'budget_id' is required.");
    }
    if (asked.fault()) {
        return *asked.fault();
    }
    result<ledger::budget_ptr> const one = budget_named(*id, at.at.directory());
    if (!one) {
        return one.error();
    }
    std::string const row = view(at).budget(**one);
    json::document doc;
    json::parse_error error;
    doc.parse(row, error);
    std::vector<std::string> out;
    for (setting const& each : settings) {
        std::string text;
        shape to(text);
        to.text("field_name", each.name)
            .text("field_type", each.type)
            .text("field_description", each.description);
        to.raw("field_value", doc[each.name].raw())
            .flag("stored_in_db", true)
            .raw("field_default_value", "null");
        to.flag("premium_field", false).raw("nested_fields", "null").end();
        out.push_back(std::move(text));
    }
    return json_list(out);
}

constexpr std::array routes{
    managed_route{"POST", "/budget/new", route_class::admin, new_budget},
    managed_route{"POST", "/budget/update", route_class::admin, update_budget},
    managed_route{"POST", "/budget/delete", route_class::admin, delete_budget},
    managed_route{"POST", "/budget/info", route_class::admin_read, budget_info, false},
    managed_route{"GET", "/budget/list", route_class::admin_read, list_budgets},
    managed_route{"GET", "/budget/settings", route_class::admin_read, budget_settings},
};

} // namespace

std::span<managed_route const> budget_routes() noexcept
{
    return routes;
}

} // namespace cogate::server::manage

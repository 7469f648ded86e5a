#include "lib/server/manage/families.hpp"
#include "lib/server/manage/fields.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/paging.hpp"
#include "lib/server/manage/show.hpp"
#include "lib/server/manage/terms.hpp"

#include <array>

/// The handlers of /customer/*, also called /end_user/*: the `user` field of requests.
namespace cogate::server::manage {
namespace {

using ledger::end_user_record;
using ledger::record_changes;
using ledger::route_class;

void read_customer(fields& from, end_user_record& to, ledger::moment now)
{
    from.name("alias", to.alias);
    from.name("budget_id", to.budget);
    from.name("default_model", to.default_model);
    from.flag("blocked", to.blocked);
    read_terms(from, to.has, now);
    from.object("metadata", to.metadata);
    if (from.says("max_budget") && from.says("budget_id")) {
        from.blame("budget_id", "and 'max_budget' exclude each other.");
    }
}

result<std::string> new_customer(managed const& at)
{
    fields in(at.body);
    end_user_record customer;
    customer.id = in.required_name("user_id");
    read_customer(in, customer, at.now);
    std::optional<ledger::nanos> spent;
    in.money("spend", spent);
    in.keep_rest(customer.other);
    if (in.fault()) {
        return *in.fault();
    }
    customer.made = made_by(at);
    spend_mark const mark{at.now, spent.value_or(0)};
    if (mark.at != 0) {
        customer.other = with_mark(customer.other, mark);
    }
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        if (all.find_end_user(customer.id) != nullptr) {
            return already_there("The customer", customer.id, "user_id");
        }
        if (result<void> const known = names_known({}, {}, {}, customer.budget, all); !known) {
            return known.error();
        }
        return record_changes{{customer}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    if (mark.at != 0) {
        apply_mark(at.at.book(), {ledger::scope_kind::end_user, customer.id}, mark, at.now);
    }
    return view(at).end_user(customer);
}

result<std::string> update_customer(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("user_id");
    if (in.fault()) {
        return *in.fault();
    }
    end_user_record customer;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<ledger::end_user_ptr> const old = end_user_named(id, all);
        if (!old) {
            return old.error();
        }
        customer = **old;
        read_customer(in, customer, at.now);
        in.keep_rest(customer.other);
        if (in.fault()) {
            return *in.fault();
        }
        bool const same = customer.budget == (*old)->budget;
        if (result<void> const known =
                names_known({}, {}, {}, same ? std::string_view{} : customer.budget, all);
            !known) {
            return known.error();
        }
        touch(customer.made, at);
        return record_changes{{customer}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return view(at).end_user(customer);
}

result<std::string> delete_customers(managed const& at)
{
    fields in(at.body);
    std::vector<std::string> const ids = in.required_names("user_ids");
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        record_changes changes;
        for (std::string const& id : ids) {
            if (result<ledger::end_user_ptr> const one = end_user_named(id, all, "user_ids"); !one) {
                return one.error();
            }
            changes.removed.push_back({ledger::record_kind::end_user, id});
        }
        return changes;
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    std::string list;
    for (std::string const& id : ids) {
        list += list.empty() ? "" : ", ";
        list += id;
    }
    std::string out;
    shape to(out);
    to.number("deleted_customers", static_cast<std::int64_t>(ids.size()));
    to.text("message", "Successfully deleted customers with ids: " + list).end();
    return out;
}

// As LiteLLM: one who is not known yet is made, so that a name can be blocked before its first call.
result<std::string> set_blocked(managed const& at, bool blocked)
{
    fields in(at.body);
    std::vector<std::string> const ids = in.required_names("user_ids");
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    std::vector<end_user_record> changed;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        for (std::string const& id : ids) {
            ledger::end_user_ptr const old = all.find_end_user(id);
            if (old == nullptr && !blocked) {
                return end_user_named(id, all, "user_ids").error();
            }
            end_user_record customer = old ? *old : end_user_record{};
            if (old == nullptr) {
                customer.id = id;
                customer.made = made_by(at);
            }
            customer.blocked = blocked;
            touch(customer.made, at);
            changed.push_back(std::move(customer));
        }
        return record_changes{{changed.begin(), changed.end()}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    view shown(at);
    std::vector<std::string> rows;
    for (end_user_record const& one : changed) {
        rows.push_back(shown.end_user(one));
    }
    std::string out;
    shape(out).list("blocked_users", rows).end();
    return out;
}

result<std::string> block_customers(managed const& at)
{
    return set_blocked(at, true);
}

result<std::string> unblock_customers(managed const& at)
{
    return set_blocked(at, false);
}

result<std::string> customer_info(managed const& at)
{
    query asked(at.query);
    std::optional<std::string> const id = asked.one("end_user_id");
    if (!id) {
        asked.blame("end_user_id", "The query parameter 'end_user_id' is required.");
    }
    if (asked.fault()) {
        return *asked.fault();
    }
    result<ledger::end_user_ptr> const one = end_user_named(*id, at.at.directory(), "end_user_id");
    if (!one) {
        return one.error();
    }
    return view(at).end_user(**one);
}

result<std::string> list_customers(managed const& at)
{
    query asked(at.query);
    result<std::vector<ledger::end_user_ptr>> const part = listed(asked, at.at.directory().end_users());
    if (!part) {
        return part.error();
    }
    return json_list(view(at).end_users(*part));
}

constexpr std::array routes{
    managed_route{"POST", "/customer/new", route_class::admin, new_customer},
    managed_route{"POST", "/customer/update", route_class::admin, update_customer},
    managed_route{"POST", "/customer/delete", route_class::admin, delete_customers},
    managed_route{"POST", "/customer/block", route_class::admin, block_customers},
    managed_route{"POST", "/customer/unblock", route_class::admin, unblock_customers},
    managed_route{"GET", "/customer/info", route_class::admin_read, customer_info},
    managed_route{"GET", "/customer/list", route_class::admin_read, list_customers},
    managed_route{"POST", "/end_user/new", route_class::admin, new_customer},
    managed_route{"POST", "/end_user/update", route_class::admin, update_customer},
    managed_route{"POST", "/end_user/delete", route_class::admin, delete_customers},
    managed_route{"POST", "/end_user/block", route_class::admin, block_customers},
    managed_route{"POST", "/end_user/unblock", route_class::admin, unblock_customers},
    managed_route{"GET", "/end_user/info", route_class::admin_read, customer_info},
    managed_route{"GET", "/end_user/list", route_class::admin_read, list_customers},
};

} // namespace

std::span<managed_route const> customer_routes() noexcept
{
    return routes;
}

} // namespace cogate::server::manage

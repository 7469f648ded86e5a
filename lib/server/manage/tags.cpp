#include "lib/server/manage/families.hpp"
#include "lib/server/manage/fields.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/paging.hpp"
#include "lib/server/manage/show.hpp"
#include "lib/server/manage/terms.hpp"

#include <array>

/// The handlers of /tag/*.
namespace cogate::server::manage {
namespace {

using ledger::record_changes;
using ledger::route_class;
using ledger::tag_record;

void read_tag(fields& from, tag_record& to, ledger::moment now)
{
    from.text("description", to.description);
    from.name("budget_id", to.budget);
    from.names("models", to.models);
    from.flag("blocked", to.blocked);
    read_terms(from, to.has, now);
    from.object("metadata", to.metadata);
}

std::string answer(managed const& at, tag_record const& tag, std::string_view what)
{
    std::string out;
    shape to(out);
    to.text("message", "Tag " + tag.id + ' ' + std::string(what) + " successfully");
    to.raw("tag", view(at).tag(tag)).end();
    return out;
}

result<std::string> new_tag(managed const& at)
{
    fields in(at.body);
    tag_record tag;
    tag.id = in.required_name("name");
    read_tag(in, tag, at.now);
    in.keep_rest(tag.other);
    if (in.fault()) {
        return *in.fault();
    }
    tag.made = made_by(at);
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        if (all.find_tag(tag.id) != nullptr) {
            return already_there("The tag", tag.id, "name");
        }
        if (result<void> const known = names_known({}, {}, {}, tag.budget, all); !known) {
            return known.error();
        }
        return record_changes{{tag}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return answer(at, tag, "created");
}

result<std::string> update_tag(managed const& at)
{
    fields in(at.body);
    std::string const name = in.required_name("name");
    if (in.fault()) {
        return *in.fault();
    }
    tag_record tag;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<ledger::tag_ptr> const old = tag_named(name, all);
        if (!old) {
            return old.error();
        }
        tag = **old;
        read_tag(in, tag, at.now);
        in.keep_rest(tag.other);
        if (in.fault()) {
            return *in.fault();
        }
        bool const same = tag.budget == (*old)->budget;
        if (result<void> const known = names_known({}, {}, {}, same ? std::string_view{} : tag.budget, all);
            !known) {
            return known.error();
        }
        touch(tag.made, at);
        return record_changes{{tag}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return answer(at, tag, "updated");
}

result<std::string> delete_tag(managed const& at)
{
    fields in(at.body);
    std::string const name = in.required_name("name");
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        if (result<ledger::tag_ptr> const old = tag_named(name, all); !old) {
            return old.error();
        }
        return record_changes{{}, {{ledger::record_kind::tag, name}}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    std::string out;
    shape(out).text("message", "Tag " + name + " deleted successfully").end();
    return out;
}

result<std::string> tag_info(managed const& at)
{
    fields in(at.body);
    std::vector<std::string> const names = in.required_names("names");
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    std::vector<ledger::tag_ptr> found;
    for (std::string const& name : names) {
        result<ledger::tag_ptr> const one = tag_named(name, at.at.directory(), "names");
        if (!one) {
            return one.error();
        }
        found.push_back(*one);
    }
    std::vector<std::string> const rows = view(at).tags(found);
    std::string out;
    shape to(out);
    for (std::size_t i = 0; i != rows.size(); ++i) {
        to.raw(found[i]->id, rows[i]);
    }
    to.end();
    return out;
}

result<std::string> list_tags(managed const& at)
{
    query asked(at.query);
    result<std::vector<ledger::tag_ptr>> const part = listed(asked, at.at.directory().tags());
    if (!part) {
        return part.error();
    }
    return json_list(view(at).tags(*part));
}

constexpr std::array routes{
    managed_route{"POST", "/tag/new", route_class::admin, new_tag},
    managed_route{"POST", "/tag/update", route_class::admin, update_tag},
    managed_route{"POST", "/tag/delete", route_class::admin, delete_tag},
    managed_route{"POST", "/tag/info", route_class::admin_read, tag_info, false},
    managed_route{"GET", "/tag/list", route_class::admin_read, list_tags},
};

} // namespace

std::span<managed_route const> tag_routes() noexcept
{
    return routes;
}

} // namespace cogate::server::manage

#include "lib/server/manage/show.hpp"

#include "lib/ledger/accounts/obligations.hpp"
#include "lib/server/manage/terms.hpp"

namespace cogate::server::manage {
namespace {

using ledger::scope;
using ledger::scope_kind;

template <class Record>
void fetch(spending& from, std::vector<std::shared_ptr<Record const>> const& all, scope_kind kind,
           std::string Record::*id)
{
    std::vector<scope> owners;
    std::vector<spend_mark> marks;
    for (auto const& one : all) {
        owners.push_back({kind, (*one).*id});
        marks.push_back(mark_of(one->other));
    }
    from.fetch(owners, marks);
}

template <class Record>
std::vector<std::string> shown(view& in, std::vector<std::shared_ptr<Record const>> const& all,
                               std::string (view::*show)(Record const&))
{
    std::vector<std::string> out;
    for (auto const& one : all) {
        out.push_back((in.*show)(*one));
    }
    return out;
}

} // namespace

template <class Record>
void view::write_owner(shape& to, scope_kind kind, Record const& one)
{
    write_spend(to, {kind, one.id}, one.has, one.budget, one.made, one.other);
    write_budget_table(to, one.budget, one.has);
    to.raw("metadata", one.metadata);
    write_stamps(to, one.made);
}

std::string view::end_user(ledger::end_user_record const& one)
{
    std::string out;
    shape to(out);
    to.text("user_id", one.id).text("alias", one.alias).flag("blocked", one.blocked);
    to.text("default_model", one.default_model);
    write_owner(to, scope_kind::end_user, one);
    to.rest(one.other).raw("allowed_model_region", "null").end();
    return out;
}

std::string view::budget(ledger::budget_record const& one)
{
    std::string out;
    shape to(out);
    to.text("budget_id", one.id);
    write_terms(to, one.has);
    to.instant("budget_reset_at", spent_.resets_at(one.has.budget_duration, one.made.created_at));
    write_stamps(to, one.made);
    to.rest(one.other).end();
    return out;
}

std::string view::tag(ledger::tag_record const& one)
{
    std::string out;
    shape to(out);
    to.text("name", one.id).text("description", one.description).names("models", one.models);
    to.flag("blocked", one.blocked);
    write_owner(to, scope_kind::tag, one);
    to.rest(one.other).raw("model_info", "{}").end();
    return out;
}

void view::prepare(std::vector<ledger::key_ptr> const& all)
{
    fetch(spent_, all, scope_kind::key, &ledger::key_record::digest);
}

void view::prepare(std::vector<ledger::user_ptr> const& all)
{
    fetch(spent_, all, scope_kind::user, &ledger::user_record::id);
}

void view::prepare(std::vector<ledger::team_ptr> const& all)
{
    fetch(spent_, all, scope_kind::team, &ledger::team_record::id);
    std::vector<scope> members;
    for (ledger::team_ptr const& team : all) {
        for (ledger::team_member const& one : team->members) {
            members.push_back({scope_kind::member, ledger::joined_id(team->id, one.user)});
        }
    }
    spent_.fetch(members);
}

std::vector<std::string> view::keys(std::vector<ledger::key_ptr> const& all)
{
    prepare(all);
    return shown(*this, all, &view::key);
}

std::vector<std::string> view::users(std::vector<ledger::user_ptr> const& all)
{
    prepare(all);
    return shown(*this, all, &view::user);
}

std::vector<std::string> view::teams(std::vector<ledger::team_ptr> const& all)
{
    prepare(all);
    return shown(*this, all, &view::team);
}

std::vector<std::string> view::end_users(std::vector<ledger::end_user_ptr> const& all)
{
    fetch(spent_, all, scope_kind::end_user, &ledger::end_user_record::id);
    return shown(*this, all, &view::end_user);
}

std::vector<std::string> view::tags(std::vector<ledger::tag_ptr> const& all)
{
    fetch(spent_, all, scope_kind::tag, &ledger::tag_record::id);
    return shown(*this, all, &view::tag);
}

} // namespace cogate::server::manage

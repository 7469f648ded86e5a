#include "lib/ledger/sqlite/attribution_rows.hpp"

#include "lib/ledger/entry.hpp"

#include <sqlite3.h>

#include <chrono>
#include <string>

namespace cogate::ledger::sqlite {

namespace {

constexpr std::size_t most_known = 8192;

std::int64_t day_of(moment when) noexcept
{
    return std::chrono::floor<std::chrono::days>(when).time_since_epoch().count();
}

void bind_names(statement& to, attribution const& who, std::int64_t day)
{
    to.bind(1, day).bind(2, who.key).bind(3, who.user).bind(4, who.team).bind(5, who.organisation);
    to.bind(6, who.model).bind(7, who.provider).bind(8, who.deployment).bind(9, who.call_type);
    to.bind(10, who.upstream_model);
}

} // namespace

attribution_rows::attribution_rows(connection& in)
    : in_(in),
      find_(in, "SELECT id FROM attributions WHERE day = ? AND key = ? AND user = ? AND team = ? AND "
                "organisation = ? "
                "AND model = ? AND provider = ? AND deployment = ? AND call_type = ? AND upstream_model = ?"),
      add_(in, "INSERT INTO attributions(day, key, user, team, organisation, model, provider, deployment, "
               "call_type, "
               "upstream_model) VALUES(?,?,?,?,?,?,?,?,?,?)"),
      read_(
          in,
          "SELECT key, user, team, organisation, model, provider, deployment FROM attributions WHERE id = ?")
{}

void attribution_rows::start_batch(std::int64_t retained_from)
{
    if (retained_from != retained_from_ || known_.size() > most_known || scopes_.size() > most_known) {
        forget();
        retained_from_ = retained_from;
    }
}

void attribution_rows::forget() noexcept
{
    known_.clear();
    scopes_.clear();
}

std::int64_t attribution_rows::find_or_add(shared_attribution const& who, moment started)
{
    std::int64_t const day = day_of(started);
    bool const may_go = day < day_of(start_of_hour(retained_from_));
    if (!may_go) {
        auto const [first, last] = known_.equal_range(who.hash());
        for (auto at = first; at != last; ++at) {
            if (at->second.day == day && at->second.who.is_alike(who)) {
                return at->second.id;
            }
        }
    }
    std::int64_t const id = read_or_add(*who, day);
    if (!may_go) {
        known_.emplace(who.hash(), known{who, day, id});
    }
    return id;
}

std::int64_t attribution_rows::read_or_add(attribution const& who, std::int64_t day)
{
    bind_names(find_, who, day);
    bool const is_there = find_.step();
    std::int64_t const id = is_there ? find_.number(0) : 0;
    find_.reset();
    if (is_there) {
        return id;
    }
    bind_names(add_, who, day);
    add_.run();
    return sqlite3_last_insert_rowid(in_.handle());
}

scope_list const& attribution_rows::scopes(std::int64_t id)
{
    auto const [at, is_new] = scopes_.try_emplace(id);
    if (is_new) {
        read_.bind(1, id);
        if (!read_.step()) {
            scopes_.erase(at);
            read_.reset();
            throw error(SQLITE_CORRUPT, "a row of the ledger names the attribution " + std::to_string(id) +
                                            ", which is not there");
        }
        auto const text = [&](int column) { return std::string(read_.text(column)); };
        attribution who;
        who.key = text(0);
        who.user = text(1);
        who.team = text(2);
        who.organisation = text(3);
        who.model = text(4);
        who.provider = text(5);
        who.deployment = text(6);
        read_.reset();
        at->second = scopes_of(who);
    }
    return at->second;
}

} // namespace cogate::ledger::sqlite

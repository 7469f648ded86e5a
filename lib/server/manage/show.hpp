#pragma once

#include "lib/ledger/accounts/directory.hpp"
#include "lib/server/accounts.hpp"
#include "lib/server/manage/handler.hpp"
#include "lib/server/manage/shape.hpp"
#include "lib/server/manage/spending.hpp"

#include <string>
#include <vector>

namespace cogate::server::manage {

/// What records look like in answers: LiteLLM's rows, each a JSON object. `spend` and `budget_reset_at` are those of the current
/// window; budgets and limits are those that hold, also where they come from a budget record.
/// No answer of these has a key. Thread safety: one thread at a time. Blocks for the disk.
class view {
public:
    explicit view(managed const& at);

    std::string key(ledger::key_record const& one);
    std::string user(ledger::user_record const& one);
    std::string team(ledger::team_record const& one);
    std::string organisation(ledger::organisation_record const& one);
    std::string end_user(ledger::end_user_record const& one);
    std::string budget(ledger::budget_record const& one);
    std::string tag(ledger::tag_record const& one);
    /// A user as the caller may see them: of one who is not theirs to see, only who they are.
    std::string user_seen_by(ledger::principal const& who, ledger::user_record const& one);
    /// LiteLLM's membership rows.
    std::string membership(ledger::team_record const& of, ledger::team_member const& one);
    std::string membership(ledger::organisation_record const& of, ledger::team_member const& one);

    /// The members of key(), for an answer that has more of them.
    void write_key(shape& to, ledger::key_record const& one);
    void write_user(shape& to, ledger::user_record const& one);
    void write_team(shape& to, ledger::team_record const& one);

    /// Reads what many have spent in one trip to the disk; a team's members too.
    void prepare(std::vector<ledger::key_ptr> const& all);
    void prepare(std::vector<ledger::user_ptr> const& all);
    void prepare(std::vector<ledger::team_ptr> const& all);

    /// Many, prepared.
    std::vector<std::string> keys(std::vector<ledger::key_ptr> const& all);
    std::vector<std::string> users(std::vector<ledger::user_ptr> const& all);
    std::vector<std::string> teams(std::vector<ledger::team_ptr> const& all);
    std::vector<std::string> end_users(std::vector<ledger::end_user_ptr> const& all);
    std::vector<std::string> tags(std::vector<ledger::tag_ptr> const& all);

private:
    void write_spend(shape& to, ledger::scope const& owner, ledger::terms const& has,
                     std::string const& budget, ledger::stamps const& made, std::string_view other);
    template <class Record>
    void write_owner(shape& to, ledger::scope_kind kind, Record const& one);
    void write_budget_table(shape& to, std::string const& budget, ledger::terms const& own);

    ledger::directory const& in_;
    spending spent_;
};

void write_stamps(shape& to, ledger::stamps const& made);

} // namespace cogate::server::manage

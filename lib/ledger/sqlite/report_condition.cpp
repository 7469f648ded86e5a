#include "lib/ledger/sqlite/report_condition.hpp"

namespace cogate::ledger::sqlite {

std::string_view const counted_columns =
    "CASE WHEN kinds & 4 THEN spent ELSE 0 END AS spent, (kinds & 4) != 0 AS calls, (kinds & 12) = 8 AS "
    "failed, "
    "CASE WHEN kinds & 4 THEN prompt_tokens ELSE 0 END AS prompt_tokens, "
    "CASE WHEN kinds & 4 THEN completion_tokens ELSE 0 END AS completion_tokens";

std::string_view column_of(scope_kind kind) noexcept
{
    switch (kind) {
    case scope_kind::organisation: return "organisation";
    case scope_kind::team: return "team";
    case scope_kind::user: return "user";
    case scope_kind::key: return "key";
    case scope_kind::end_user: return "end_user";
    case scope_kind::model: return "model";
    case scope_kind::provider: return "provider";
    case scope_kind::deployment: return "deployment";
    case scope_kind::global:
    case scope_kind::member:
    case scope_kind::tag:
    case scope_kind::key_model:
    case scope_kind::user_model:
    case scope_kind::team_model:
    case scope_kind::organisation_member: break;
    }
    return {};
}

row_condition::row_condition(row_filter const& filter) : sql_(" WHERE kinds & 12 != 0")
{
    add_numbers(filter);
    if (filter.settled) {
        sql_ += *filter.settled ? " AND kinds & 4 != 0" : " AND kinds & 4 = 0";
    }
    if (!filter.request_id.empty()) {
        sql_ += " AND request_id = " + text(filter.request_id);
    }
    for (scope const& owner : filter.all_of) {
        sql_ += " AND " + belongs_to(owner);
    }
    std::string any;
    for (scope const& owner : filter.any_of) {
        any += (any.empty() ? "" : " OR ") + belongs_to(owner);
    }
    sql_ += any.empty() ? "" : " AND (" + any + ")";
}

void row_condition::add_numbers(row_filter const& filter)
{
    auto const limit = [this](std::string_view what, std::int64_t number) {
        sql_ += what;
        numbers_.push_back(number);
    };
    if (filter.from != moment::min()) {
        limit(" AND started >= ?", filter.from.time_since_epoch().count());
    }
    if (filter.to != moment::max()) {
        limit(" AND started < ?", filter.to.time_since_epoch().count());
    }
    if (filter.least_spent) {
        limit(" AND spent >= ?", *filter.least_spent);
    }
    if (filter.most_spent) {
        limit(" AND spent <= ?", *filter.most_spent);
    }
}

std::string row_condition::text(std::string_view value)
{
    texts_.emplace_back(value);
    return "?";
}

std::string row_condition::belongs_to(scope const& owner)
{
    std::size_t const border = owner.id.find('\x1f');
    std::string_view const first = std::string_view(owner.id).substr(0, border);
    std::string_view const second =
        border == std::string::npos ? std::string_view{} : std::string_view(owner.id).substr(border + 1);
    auto const both = [&](std::string_view one, std::string_view other) {
        std::string out = "(" + std::string(one) + " = " + text(first);
        out += " AND " + std::string(other) + " = " + text(second) + ")";
        return out;
    };
    switch (owner.kind) {
    case scope_kind::global: return "1";
    case scope_kind::tag: return "EXISTS(SELECT 1 FROM json_each(tags) WHERE value = " + text(owner.id) + ")";
    case scope_kind::member: return both("team", "user");
    case scope_kind::key_model: return both("key", "model");
    case scope_kind::user_model: return both("user", "model");
    case scope_kind::team_model: return both("team", "model");
    case scope_kind::organisation_member: return both("organisation", "user");
    case scope_kind::organisation:
    case scope_kind::team:
    case scope_kind::user:
    case scope_kind::key:
    case scope_kind::end_user:
    case scope_kind::model:
    case scope_kind::provider:
    case scope_kind::deployment: break;
    }
    return std::string(column_of(owner.kind)) + " = " + text(owner.id);
}

int row_condition::bind(statement& to, int at) const
{
    for (std::int64_t const number : numbers_) {
        to.bind(at++, number);
    }
    for (std::string const& value : texts_) {
        to.bind(at++, value);
    }
    return at;
}

} // namespace cogate::ledger::sqlite

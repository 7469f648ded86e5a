#include "lib/cli/keys_text.hpp"

#include "lib/cli/chat_text.hpp"

#include <algorithm>
#include <utility>

namespace cogate::cli {

namespace {

/// A value for a person: texts without quotes, lists with commas, all else as JSON.
std::string shown(json::value of)
{
    if (of.is_string()) {
        return terminal_text(of.string());
    }
    if (!of.is_array()) {
        return terminal_text(of.raw());
    }
    std::string out;
    for (json::value const each : of) {
        out += (out.empty() ? "" : ", ") + shown(each);
    }
    return out;
}

bool says_nothing(json::value of)
{
    return !of.exists() || of.is_null() || (of.is_string() && of.string().empty()) ||
           ((of.is_array() || of.is_object()) && of.size() == 0);
}

std::string cell(json::value of)
{
    return says_nothing(of) ? "-" : shown(of);
}

} // namespace

std::string member_lines(json::value object)
{
    std::vector<std::pair<std::string, std::string>> lines;
    std::size_t widest = 0;
    for (auto const& [name, value] : object.members()) {
        if (!says_nothing(value)) {
            lines.emplace_back(terminal_text(name), shown(value));
            widest = std::max(widest, lines.back().first.size());
        }
    }
    std::string out;
    for (auto const& [name, text] : lines) {
        out += name + std::string(widest - name.size() + 2, ' ') + text + '\n';
    }
    return out;
}

table_row key_columns()
{
    return {"KEY", "ALIAS", "USER", "TEAM", "SPEND", "BUDGET", "EXPIRES", "STATE", "TOKEN"};
}

table_row key_row(json::value key)
{
    bool const is_blocked = key["blocked"].raw() == "true";
    return {cell(key["key_name"]), cell(key["key_alias"]),
            cell(key["user_id"]),  cell(key["team_id"]),
            cell(key["spend"]),    cell(key["max_budget"]),
            cell(key["expires"]),  is_blocked ? "blocked" : "active",
            cell(key["token"])};
}

} // namespace cogate::cli

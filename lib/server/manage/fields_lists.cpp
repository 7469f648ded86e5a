#include "lib/server/manage/fields.hpp"

#include "lib/ledger/scope.hpp"

#include <algorithm>
#include <utility>

namespace cogate::server::manage {

bool fields::list_of_names(std::string_view field, json::value from, std::vector<std::string>& to)
{
    if (!from.is_array() || from.size() > most_names) {
        blame(field, "must be a list of at most " + std::to_string(most_names) + " texts.");
        return false;
    }
    std::vector<std::string> read;
    for (json::value const one : from) {
        if (!is_name(one)) {
            blame(std::string(field) + '[' + std::to_string(read.size()) + ']', name_rule);
            return false;
        }
        read.push_back(one.string());
    }
    to.clear();
    for (std::string& one : read) {
        if (std::find(to.begin(), to.end(), one) == to.end()) {
            to.push_back(std::move(one));
        }
    }
    return true;
}

void fields::names(std::string_view field, std::vector<std::string>& to)
{
    json::value const said = take(field);
    if (said.is_null()) {
        to.clear();
    } else if (said.exists()) {
        list_of_names(field, said, to);
    }
}

std::vector<std::string> fields::required_names(std::string_view field)
{
    std::vector<std::string> out;
    json::value const said = value(field);
    if (!said.exists()) {
        blame(field, "is required.");
    } else if (list_of_names(field, said, out) && out.empty()) {
        blame(field, "must hold one at least.");
    }
    return out;
}

void fields::pairs(std::string_view field, aliases& to)
{
    json::value const said = take(field);
    if (!said.exists() || said.is_null()) {
        said.exists() ? to.clear() : void();
        return;
    }
    if (!said.is_object() || said.size() > most_names) {
        blame(field, "must be an object of texts.");
        return;
    }
    aliases read;
    for (json::member const one : said.members()) {
        if (one.key.empty() || !ledger::is_valid_name(one.key) || !is_name(one.val)) {
            blame(std::string(field) + '.' + std::string(one.key.substr(0, 100)), name_rule);
            return;
        }
        read[std::string(one.key)] = one.val.string();
    }
    to = std::move(read);
}

void fields::object(std::string_view field, std::string& to)
{
    json::value const said = take(field);
    if (!said.exists() || said.is_null()) {
        said.exists() ? void(to = "{}") : void();
        return;
    }
    if (!said.is_object() || said.raw().size() > largest_json) {
        blame(field, "must be an object of at most " + std::to_string(largest_json) + " bytes.");
        return;
    }
    to = said.raw();
}

} // namespace cogate::server::manage

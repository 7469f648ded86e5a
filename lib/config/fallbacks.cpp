#include "lib/config/fallbacks.hpp"

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cogate::config {

namespace {

// Far beyond honest files: aliases of YAML can repeat a long list at no cost.
constexpr std::size_t most_targets = 10'000;
constexpr std::size_t most_shown = 8;

/// A rule that is being followed.
struct step {
    std::size_t rule;
    std::size_t next = 0; ///< place in its targets
};

std::string circle(std::vector<rule_draft> const& rules, std::vector<step> const& path, std::size_t from)
{
    std::string text;
    for (std::size_t i = from; i != path.size(); ++i) {
        if (i - from == most_shown) {
            text += "... -> ";
            break;
        }
        text += rules[path[i].rule].group.name + " -> ";
    }
    return text + rules[path[from].rule].group.name;
}

} // namespace

void read_targets(reader& in, YAML::Node const& list, std::string const& what, settings& to,
                  std::vector<placed_name>& into)
{
    if (!list.IsSequence()) {
        in.error(list.Mark(), what + " must be a list of model names");
        return;
    }
    into.clear();
    for (YAML::Node const& each : list) {
        if (into.size() == most_targets) {
            in.error(each.Mark(), what + ": too many fallbacks");
            return;
        }
        if (each.IsMap()) {
            model_reference named;
            std::size_t const faults = in.faults();
            in.read(section::fallback, each, {.all = to, .named = &named}, [](key const&, member const&) {});
            if (!named.model.empty()) {
                into.push_back({named.model, each.Mark()});
            } else if (in.faults() == faults) {
                in.error(each.Mark(), what + ": a fallback that is a mapping needs 'model'");
            }
        } else if (auto name = in.text(each, what)) {
            into.push_back({*std::move(name), each.Mark()});
        }
    }
}

void read_rules(reader& in, member const& list, settings& to, std::vector<rule_draft>& into)
{
    if (list.node.IsNull()) {
        return;
    }
    if (!list.node.IsSequence()) {
        in.error(list.node.Mark(), list.name + " must be a list: [{group: [other, ...]}]");
        return;
    }
    into.clear();
    std::size_t count = 0;
    for (YAML::Node const& each : list.node) {
        std::size_t const faults = in.faults();
        std::vector<member> const parts = in.members(each, "an entry of " + list.name);
        if (in.faults() != faults) {
            continue;
        }
        if (parts.size() != 1) {
            in.error(each.Mark(), "an entry of " + list.name +
                                      " has exactly one key, the model group; this has " +
                                      std::to_string(parts.size()));
            continue;
        }
        rule_draft rule{.group = {parts[0].name, parts[0].mark}};
        read_targets(in, parts[0].node, "the fallbacks of " + in_quotes(parts[0].name), to, rule.to);
        count += 1 + rule.to.size();
        if (count > most_targets) {
            in.error(each.Mark(), list.name + ": too many fallbacks");
            return;
        }
        into.push_back(std::move(rule));
    }
}

void check_cycles(reader& in, std::string const& what, std::vector<rule_draft> const& rules)
{
    enum class mark { fresh, open, done };
    std::unordered_map<std::string_view, std::size_t> of;
    for (std::size_t i = 0; i != rules.size(); ++i) {
        if (rules[i].group.name != "*") {
            of.try_emplace(rules[i].group.name, i);
        }
    }
    std::vector<mark> marks(rules.size(), mark::fresh);
    std::vector<std::size_t> depth(rules.size(), 0);
    std::vector<step> path;
    for (std::size_t start = 0; start != rules.size(); ++start) {
        if (marks[start] != mark::fresh) {
            continue;
        }
        path.push_back({start});
        marks[start] = mark::open;
        depth[start] = 0;
        while (!path.empty()) {
            step& here = path.back();
            std::vector<placed_name> const& to = rules[here.rule].to;
            if (here.next == to.size()) {
                marks[here.rule] = mark::done;
                path.pop_back();
                continue;
            }
            placed_name const& target = to[here.next++];
            auto const found = of.find(target.name);
            if (found == of.end() || marks[found->second] == mark::done) {
                continue;
            }
            if (marks[found->second] == mark::open) {
                in.error(target.at, what + " go in a circle: " + circle(rules, path, depth[found->second]));
                continue;
            }
            marks[found->second] = mark::open;
            depth[found->second] = path.size();
            path.push_back({found->second});
        }
    }
}

} // namespace cogate::config

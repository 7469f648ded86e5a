#include "lib/config/reader.hpp"

#include "lib/wire/header.hpp"

#include <algorithm>

namespace cogate::config {

namespace {

constexpr std::string_view environment_prefix = "os.environ/";
// Both far beyond honest files. An alias may refer to its own mapping, so merging needs an end.
constexpr int most_merges = 1'000;
constexpr std::size_t most_members = 10'000;
constexpr std::size_t most_names = 1'000;

std::string_view kind_of(YAML::Node const& node)
{
    switch (node.Type()) {
    case YAML::NodeType::Sequence: return "a list";
    case YAML::NodeType::Map: return "a mapping";
    case YAML::NodeType::Scalar: return "a single value";
    case YAML::NodeType::Null:
    case YAML::NodeType::Undefined: break;
    }
    return "nothing";
}

// A quoted "<<" is an ordinary key.
bool is_merge_key(YAML::Node const& name)
{
    return name.IsScalar() && name.Scalar() == "<<" && name.Tag() != "!";
}

} // namespace

std::string in_quotes(std::string_view text)
{
    constexpr std::size_t most = 60;
    return "'" + std::string(text.substr(0, most)) + (text.size() > most ? "...'" : "'");
}

std::string line_of(YAML::Mark const& mark)
{
    return "line " + std::to_string(mark.line + 1);
}

void reader::report(config::severity how, YAML::Mark const& at, std::string message)
{
    if (how == severity::error) {
        ++faults_;
        how = soft_ ? severity::warning : how;
    }
    diagnostic d{.file = file_, .severity = how, .message = std::move(message)};
    if (!at.is_null()) {
        d.line = static_cast<std::size_t>(at.line) + 1;
        d.column = static_cast<std::size_t>(at.column) + 1;
    }
    diagnostics_.push_back(std::move(d));
}

void reader::gather(YAML::Node const& node, std::string const& what, bool merged, std::vector<member>& out)
{
    for (auto const& each : node) {
        if (!each.first.IsScalar()) {
            error(each.first.Mark(),
                  "a key in " + what + " must be text, not " + std::string(kind_of(each.first)));
            continue;
        }
        std::string const& name = each.first.Scalar();
        if (is_merge_key(each.first)) {
            continue;
        }
        auto const same =
            std::find_if(out.begin(), out.end(), [&](member const& m) { return m.name == name; });
        if (out.size() == most_members) {
            error(each.first.Mark(), "too many keys in " + what);
            return;
        }
        if (same == out.end()) {
            out.push_back({name, each.first.Mark(), each.second});
        } else if (!merged) {
            error(each.first.Mark(), "key " + in_quotes(name) + " is given twice in " + what + ", first in " +
                                         line_of(same->mark));
        }
    }
}

// What a mapping says itself wins over what it merges in, wherever the merge key stands.
void reader::merge(YAML::Node const& node, std::string const& what, int& merges, std::vector<member>& out)
{
    gather(node, what, merges != 0, out);
    for (auto const& each : node) {
        if (!is_merge_key(each.first)) {
            continue;
        }
        if (++merges > most_merges) {
            error(each.first.Mark(), "too many merge keys (<<)");
            return;
        }
        if (each.second.IsMap()) {
            merge(each.second, what, merges, out);
        } else if (each.second.IsSequence()) {
            for (YAML::Node const& part : each.second) {
                if (part.IsMap() && ++merges <= most_merges) {
                    merge(part, what, merges, out);
                }
            }
        } else {
            error(each.first.Mark(), "a merge key (<<) needs a mapping");
        }
    }
}

std::vector<member> reader::members(YAML::Node const& node, std::string const& what)
{
    std::vector<member> out;
    if (node.IsMap()) {
        int merges = 0;
        merge(node, what, merges, out);
    } else if (!node.IsNull()) {
        error(node.Mark(), what + " must be a mapping (key: value), not " + std::string(kind_of(node)));
    }
    return out;
}

environment_lookup reader::environment() const
{
    return [own = own_, process = variables_](std::string const& name) -> std::optional<std::string> {
        if (auto const found = own.find(name); found != own.end()) {
            return found->second;
        }
        return process ? process(name) : std::nullopt;
    };
}

std::optional<std::string> reader::text(YAML::Node const& node, std::string const& what)
{
    if (node.IsNull()) {
        return std::nullopt;
    }
    if (!node.IsScalar()) {
        error(node.Mark(), what + " must be a single value, not " + std::string(kind_of(node)));
        return std::nullopt;
    }
    std::string out = node.Scalar();
    if (out.starts_with(environment_prefix)) {
        std::string const name = out.substr(environment_prefix.size());
        auto found = variable(name);
        if (!found) {
            error(node.Mark(), what + ": environment variable " + in_quotes(name) +
                                   " is not set; set it or put it under environment_variables");
            return std::nullopt;
        }
        out = *std::move(found);
    }
    if (!wire::valid_field_value(out)) {
        error(node.Mark(), what + " must not contain control characters");
        return std::nullopt;
    }
    return out;
}

void reader::names(YAML::Node const& node, std::string const& what, std::vector<std::string>& to)
{
    if (!node.IsSequence()) {
        error(node.Mark(), what + " must be a list of names");
        return;
    }
    for (YAML::Node const& each : node) {
        if (to.size() == most_names) {
            error(each.Mark(), what + ": more than " + std::to_string(most_names) + " names");
            return;
        }
        if (auto name = text(each, what)) {
            to.push_back(*std::move(name));
        }
    }
}

std::vector<diagnostic> reader::take()
{
    for (auto const& [key, seen] : unused_) {
        if (seen.times > 1) {
            diagnostics_[seen.index].message += " (and " + std::to_string(seen.times - 1) + " more)";
        }
    }
    unused_.clear();
    std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                     [](diagnostic const& a, diagnostic const& b) { return a.line < b.line; });
    return std::exchange(diagnostics_, {});
}

} // namespace cogate::config

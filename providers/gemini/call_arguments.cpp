#include "providers/gemini/call_arguments.hpp"

#include <algorithm>

namespace cogate::providers::gemini {

namespace {

constexpr std::size_t most_nodes = 4096;
constexpr std::size_t deepest = 64;

/// Takes the next step off a path behind "$": ".key", "['key']" or "[0]". False at the end and for anything
/// else.
bool next_step(std::string_view& path, std::string_view& key, bool& indexed)
{
    if (path.size() > 1 && path.front() == '.') {
        const std::size_t end = std::min(path.find_first_of(".[", 1), path.size());
        key = path.substr(1, end - 1);
        indexed = false;
        path.remove_prefix(end);
        return !key.empty();
    }
    if (path.size() < 3 || path.front() != '[') {
        return false;
    }
    const bool quoted = path[1] == '\'' || path[1] == '"';
    const std::size_t begin = quoted ? 2 : 1;
    const std::size_t end = quoted ? path.find(path[1], begin) : path.find(']', begin);
    if (end == std::string_view::npos) {
        return false;
    }
    key = path.substr(begin, end - begin);
    indexed = !quoted;
    path.remove_prefix(std::min(end + (quoted ? 2 : 1), path.size()));
    return !key.empty();
}

} // namespace

std::size_t call_arguments::child(std::size_t of, std::string_view key, bool indexed)
{
    std::vector<std::size_t> const& known = nodes_[of].children;
    for (auto at = known.rbegin(); at != known.rend(); ++at) {
        if (nodes_[*at].key == key) {
            return *at;
        }
    }
    const std::size_t fresh = nodes_.size();
    nodes_.push_back(node{.key = std::string(key), .indexed = indexed, .value = {}, .children = {}});
    nodes_[of].children.push_back(fresh);
    return fresh;
}

bool call_arguments::reach(std::string_view path, std::size_t& at)
{
    if (!path.starts_with('$')) {
        return false;
    }
    path.remove_prefix(1);
    at = 0;
    std::string_view key;
    bool indexed = false;
    for (std::size_t depth = 0; !path.empty(); ++depth) {
        if (depth == deepest || nodes_.size() >= most_nodes || !next_step(path, key, indexed)) {
            return false;
        }
        at = child(at, key, indexed);
    }
    return at != 0;
}

void call_arguments::add(json::value piece)
{
    std::size_t at = 0;
    if (!reach(piece["jsonPath"].string(), at)) {
        return;
    }
    node& to = nodes_[at];
    if (const json::value text = piece["stringValue"]; text.is_string()) {
        to.is_text = true;
        text.append_string_to(to.value);
        return;
    }
    for (std::string_view const name : {"numberValue", "boolValue"}) {
        if (const json::value scalar = piece[name]; scalar.is_number() || scalar.is_bool()) {
            to.value = scalar.raw();
            return;
        }
    }
    if (to.value.empty() && piece.contains("nullValue")) {
        to.value = "null";
    }
}

void call_arguments::write(json::writer& out, std::size_t at) const
{
    node const& it = nodes_[at];
    if (it.children.empty() && at != 0) {
        if (it.is_text) {
            out.value(it.value);
        } else {
            out.raw(it.value.empty() ? std::string_view("null") : std::string_view(it.value));
        }
        return;
    }
    const bool list = !it.children.empty() && nodes_[it.children.front()].indexed;
    list ? out.begin_array() : out.begin_object();
    for (std::size_t const child : it.children) {
        if (!list) {
            out.key(nodes_[child].key);
        }
        write(out, child);
    }
    list ? out.end_array() : out.end_object();
}

std::string call_arguments::text() const
{
    std::string text;
    json::writer out(text);
    write(out, 0);
    return text;
}

} // namespace cogate::providers::gemini

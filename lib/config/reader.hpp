#pragma once

#include "lib/config/diagnostic.hpp"
#include "lib/config/keys.hpp"

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::config {

/// A member of a mapping, merge keys (`<<`) already resolved.
struct member {
    std::string name;
    YAML::Mark mark; ///< of the name
    YAML::Node node;
};

/// Reads values out of YAML nodes and gathers what is wrong with them. Lives for one load; not thread-safe.
class reader {
public:
    reader(std::string file, environment_lookup const& variables)
        : file_(std::move(file)), variables_(variables)
    {}

    void report(config::severity how, YAML::Mark const& at, std::string message);
    void error(YAML::Mark const& at, std::string message) { report(severity::error, at, std::move(message)); }
    void warn(YAML::Mark const& at, std::string message)
    {
        report(severity::warning, at, std::move(message));
    }

    /// The members of a mapping in their order. Reports a node that is none (`what` names it), names that are
    /// no text and names given twice.
    std::vector<member> members(YAML::Node const& node, std::string const& what);

    /// The text of a scalar with os.environ/NAME replaced; `what` names the key. Reports and gives nothing
    /// for another kind of node, an unset variable, or bytes that no value may have. Null is nothing without
    /// a report.
    std::optional<std::string> text(YAML::Node const& node, std::string const& what);

    /// Appends the texts of a list of at most 1,000.
    void names(YAML::Node const& node, std::string const& what, std::vector<std::string>& to);

    /// The value of a key as its row of the table says; reports what is wrong. Null is nothing without a
    /// report.
    std::optional<value> convert(key const& row, YAML::Node const& node);

    /// What to say about a name that is no key in use.
    void unused(section where, member const& which);

    /// Reads a section: every key in use that has a store is converted and stored, then handed to
    /// `visit(key const&, member const&)`. `node` may be null.
    template <class Visit>
    void read(section where, YAML::Node const& node, target to, Visit visit)
    {
        for (member const& each : members(node, std::string(to_string(where)))) {
            key const* const row = find_key(where, each.name);
            if (row == nullptr) {
                unused(where, each);
                continue;
            }
            if (row->store != nullptr) {
                if (auto const got = convert(*row, each.node)) {
                    row->store(to, *got);
                }
            }
            visit(*row, each);
        }
    }

    void set_variable(std::string name, std::string value) { own_[std::move(name)] = std::move(value); }
    std::optional<std::string> variable(std::string const& name) const { return environment()(name); }
    /// Those that were set here, then those of the process, as a value that outlives this reader.
    environment_lookup environment() const;

    /// While on, errors are reported as warnings. `faults` counts both.
    void soften(bool on) noexcept { soft_ = on; }
    std::size_t faults() const noexcept { return faults_; }

    /// All that was reported, by line.
    std::vector<diagnostic> take();

private:
    void gather(YAML::Node const& node, std::string const& what, bool merged, std::vector<member>& out);
    void merge(YAML::Node const& node, std::string const& what, int& merges, std::vector<member>& out);

    std::string file_;
    environment_lookup const& variables_;
    std::map<std::string, std::string> own_;
    std::vector<diagnostic> diagnostics_;
    struct repeated {
        std::size_t index;
        std::size_t times;
    };
    std::map<std::pair<section, std::string>, repeated> unused_;
    bool soft_ = false;
    std::size_t faults_ = 0;
};

/// In quotes, cut where it is long.
std::string in_quotes(std::string_view text);

/// "line N", for messages that point elsewhere.
std::string line_of(YAML::Mark const& mark);

} // namespace cogate::config

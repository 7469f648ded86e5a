#pragma once
/// Configurations as text, for tests.

#include "lib/config/load.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cogate::config::testing {

using variables = std::map<std::string, std::string, std::less<>>;

inline loaded read(std::string_view yaml, variables const& set = {})
{
    return load(yaml, "c.yaml", [set](std::string const& name) -> std::optional<std::string> {
        auto const found = set.find(name);
        return found == set.end() ? std::nullopt : std::optional<std::string>(found->second);
    });
}

/// All diagnostics as one text, one per line.
inline std::string complaints(loaded const& of)
{
    std::string out;
    for (diagnostic const& d : of.diagnostics) {
        out += to_text(d) + '\n';
    }
    return out;
}

inline settings good(std::string_view yaml, variables const& set = {})
{
    loaded got = read(yaml, set);
    BOOST_TEST_REQUIRE(got.value.has_value(), complaints(got));
    return *std::move(got.value);
}

/// Entries of a model_list, one group each: a, b, c, ... as many as asked for.
inline std::string groups(int count)
{
    std::string yaml = "model_list:\n";
    for (int i = 0; i != count; ++i) {
        yaml += "- {model_name: " + std::string(1, static_cast<char>('a' + i)) +
                ", litellm_params: {model: openai/m, api_key: k" + std::to_string(i) + "}}\n";
    }
    return yaml;
}

} // namespace cogate::config::testing

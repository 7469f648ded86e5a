#include "lib/config/load.hpp"

#include "lib/config/model_list.hpp"
#include "lib/config/money.hpp"
#include "lib/config/prices.hpp"
#include "lib/config/reader.hpp"
#include "lib/config/routing.hpp"
#include "lib/core/utf8.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <utility>

namespace cogate::config {

namespace {

constexpr std::size_t most_bytes = 4 << 20;

auto const no_visit = [](key const&, member const&) {};

/// The nodes of the top level by name; null where absent.
struct top_nodes {
    YAML::Node model_list{};
    YAML::Node litellm_settings{};
    YAML::Node general_settings{};
    YAML::Node router_settings{};
    YAML::Node environment_variables{};
    YAML::Node own{};
    bool has_model_list = false;
};

top_nodes read_top(reader& in, YAML::Node const& root, settings& to)
{
    top_nodes out;
    in.read(section::top, root, {to}, [&](key const& row, member const& each) {
        if (row.name == "model_list") {
            out.model_list.reset(each.node);
            out.has_model_list = !each.node.IsNull();
        } else if (row.name == "litellm_settings") {
            out.litellm_settings.reset(each.node);
        } else if (row.name == "general_settings") {
            out.general_settings.reset(each.node);
        } else if (row.name == "router_settings") {
            out.router_settings.reset(each.node);
        } else if (row.name == "environment_variables") {
            out.environment_variables.reset(each.node);
        } else {
            out.own.reset(each.node);
        }
    });
    return out;
}

/// An empty key would open the gateway without a word, one that no header may hold would close it.
void check_master_key(reader& in, YAML::Node const& node, settings const& to)
{
    for (char const c : to.master_key.reveal()) {
        if (c <= ' ' || c > '~') {
            in.error(node.Mark(),
                     "master_key must be visible ASCII without spaces, or no client can send it");
            return;
        }
    }
    if (to.master_key.empty() && node.IsScalar()) {
        in.error(node.Mark(), "master_key is empty: give a key or remove the line");
    }
}

/// Short ones could be found by trying.
void check_pepper(reader& in, member const& each, settings const& to)
{
    constexpr std::size_t least = 16;
    if (each.node.IsScalar() && to.keys.pepper.reveal().size() < least) {
        in.error(each.node.Mark(), "key_pepper must have at least " + std::to_string(least) + " bytes");
    }
}

void read_own(reader& in, YAML::Node const& node, settings& to)
{
    in.read(section::cogate, node, {to}, [&](key const& row, member const& each) {
        if (row.name == "deadlines") {
            in.read(section::deadlines, each.node, {to}, no_visit);
        } else if (row.name == "limits") {
            in.read(section::limits, each.node, {to}, no_visit);
        } else if (row.name == "ledger") {
            in.read(section::ledger, each.node, {to}, no_visit);
        } else if (row.name == "accounts") {
            in.read(section::accounts, each.node, {to}, no_visit);
        } else if (row.name == "prices") {
            read_price_file(in, each, to);
        } else if (row.name == "data" && to.data.empty()) {
            in.error(each.node.Mark(), "data is empty: name a folder or remove the line");
        } else if (row.name == "key_pepper") {
            check_pepper(in, each, to);
        }
    });
}

/// Variables first, for everything else may refer to them; the list late, for it inherits the deadlines; what
/// names its groups last.
void read_all(reader& in, YAML::Node const& root, settings& to)
{
    top_nodes const top = read_top(in, root, to);
    for (member const& each : in.members(top.environment_variables, "environment_variables")) {
        if (auto value = in.text(each.node, each.name)) {
            in.set_variable(each.name, *std::move(value));
        }
    }
    to.gateway.environment = in.environment();
    to.gateway.providers_from_environment = !top.has_model_list;
    routing_draft routing;
    read_routing_section(in, section::litellm_settings, top.litellm_settings, to, routing);
    std::size_t const faults = in.faults();
    in.read(section::general_settings, top.general_settings, {.all = to, .routing = &routing.wishes},
            [&](key const& row, member const& each) {
                if (row.name == "master_key" && in.faults() == faults) {
                    check_master_key(in, each.node, to);
                } else if (row.name == "database_url") {
                    check_database(in, each, to);
                }
            });
    read_routing_section(in, section::router_settings, top.router_settings, to, routing);
    settle_wishes(routing.wishes, to.gateway.router);
    settle_money(in, top.litellm_settings.Mark(), routing.money, to);
    read_own(in, top.own, to);
    policy::route_table groups;
    read_model_list(in, top.model_list, to, groups);
    check_routing(in, routing, std::move(groups), to);
}

loaded refusal(std::string const& name, std::string message)
{
    return {.value = std::nullopt,
            .diagnostics = {{.file = name, .severity = severity::error, .message = std::move(message)}}};
}

} // namespace

loaded load(std::string_view yaml, std::string const& name, environment_lookup const& variables)
{
    if (!core::is_utf8(yaml)) {
        return refusal(name, "the file is not UTF-8 text");
    }
    settings out;
    reader in(name, variables);
    try {
        YAML::Node const root = YAML::Load(std::string(yaml));
        read_all(in, root, out);
    } catch (YAML::Exception const& fault) {
        in.error(fault.mark, "not valid YAML: " + fault.msg);
    }
    loaded result{.value = std::nullopt, .diagnostics = in.take()};
    if (!has_error(result.diagnostics)) {
        result.value = std::move(out);
    }
    return result;
}

loaded load_file(std::string const& path, environment_lookup const& variables)
{
    std::string text;
    auto const read = [&text](std::istream& from) {
        char block[16 * 1024];
        while (text.size() <= most_bytes && (from.read(block, sizeof block), from.gcount() > 0)) {
            text.append(block, static_cast<std::size_t>(from.gcount()));
        }
        return !from.bad();
    };
    errno = 0;
    if (path == "-") {
        read(std::cin);
        return text.size() > most_bytes ? refusal("<stdin>", "more than 4 MiB")
                                        : load(text, "<stdin>", variables);
    }
    std::ifstream file(path, std::ios::binary);
    if (!file || !read(file)) {
        return refusal(path, std::string("cannot be read: ") + std::strerror(errno != 0 ? errno : EIO));
    }
    if (text.size() > most_bytes) {
        return refusal(path, "more than 4 MiB: this is no configuration file");
    }
    return load(text, path, variables);
}

} // namespace cogate::config

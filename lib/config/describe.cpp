#include "lib/config/describe.hpp"

#include "lib/config/keys.hpp"

#include <algorithm>
#include <array>

namespace cogate::config {

namespace {

struct place {
    section where;
    std::string_view prefix;
};

constexpr std::array places{
    place{section::top, ""},
    place{section::model, "model_list[]."},
    place{section::litellm_params, "model_list[].litellm_params."},
    place{section::model_info, "model_list[].model_info."},
    place{section::litellm_settings, "litellm_settings."},
    place{section::general_settings, "general_settings."},
    place{section::router_settings, "router_settings."},
    place{section::strategy_args, "router_settings.routing_strategy_args."},
    place{section::retry_policy, "router_settings.retry_policy."},
    place{section::allowed_fails_policy, "router_settings.allowed_fails_policy."},
    place{section::alias, "router_settings.model_group_alias.NAME."},
    place{section::fallback, "router_settings.fallbacks[].GROUP[]."},
    place{section::hedge, "router_settings.hedge."},
    place{section::retry_budget, "router_settings.retry_budget."},
    place{section::admission, "router_settings.admission."},
    place{section::cogate, "cogate."},
    place{section::deadlines, "cogate.deadlines."},
    place{section::limits, "cogate.limits."},
    place{section::ledger, "cogate.ledger."},
    place{section::accounts, "cogate.accounts."},
    place{section::provider_budget, "router_settings.provider_budget_config.PROVIDER."},
    place{section::key_defaults, "litellm_settings.default_key_generate_params."},
    place{section::key_bounds, "litellm_settings.upperbound_key_generate_params."},
    place{section::user_defaults, "litellm_settings.default_internal_user_params."},
};

void pad(std::string& line, std::size_t column)
{
    line.append(line.size() < column ? column - line.size() : 2, ' ');
}

void wrap(std::string& out, std::span<std::string_view const> words)
{
    std::size_t column = 0;
    for (std::string_view const word : words) {
        if (column == 0 || column + word.size() > 106) {
            out += column == 0 ? "   " : "\n   ";
            column = 3;
        }
        out.append(" ").append(word);
        column += word.size() + 1;
    }
    out += '\n';
}

} // namespace

std::string describe_keys()
{
    std::size_t key_width = 0;
    std::size_t type_width = 0;
    std::size_t fallback_width = 0;
    for (key const& row : served_keys()) {
        key_width = std::max(key_width, row.name.size());
        type_width = std::max(type_width, to_string(row.type).size());
        fallback_width = std::max(fallback_width, row.fallback.size());
    }
    std::size_t const fallback_column = key_width + 4 + type_width + 2;
    std::string out =
        "Keys in use. Seconds may also be written with a unit: 250ms, 30s, 10m. Any value may be\n"
        "os.environ/NAME.\n";
    for (place const& at : places) {
        out += '\n';
        out.append(at.prefix.empty() ? "top level" : at.prefix.substr(0, at.prefix.size() - 1)).append("\n");
        for (key const& row : served_keys()) {
            if (row.where != at.where) {
                continue;
            }
            std::string line = "  ";
            line += row.name;
            pad(line, key_width + 4);
            line += to_string(row.type);
            pad(line, fallback_column);
            line += row.fallback.empty() ? "-" : row.fallback;
            pad(line, fallback_column + fallback_width + 2);
            line += row.meaning;
            if (row.choices != nullptr) {
                wrap(line.append(":\n"), row.choices());
                line.pop_back();
            }
            out += line.append("\n");
        }
    }
    out += "\nKnown to LiteLLM, accepted with a warning, not used by cogate yet.\n";
    for (place const& at : places) {
        if (auto const names = litellm_keys(at.where); !names.empty()) {
            out.append("\n").append(to_string(at.where)).append("\n");
            wrap(out, names);
        }
    }
    return out;
}

} // namespace cogate::config

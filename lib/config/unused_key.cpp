#include "lib/config/reader.hpp"

#include "lib/core/text.hpp"

#include <array>

namespace cogate::config {

namespace {

// Not the fallbacks: they take any field of a request.
constexpr std::array all_sections{section::top,
                                  section::model,
                                  section::litellm_params,
                                  section::model_info,
                                  section::litellm_settings,
                                  section::general_settings,
                                  section::router_settings,
                                  section::hedge,
                                  section::retry_budget,
                                  section::admission,
                                  section::retry_policy,
                                  section::allowed_fails_policy,
                                  section::strategy_args,
                                  section::alias,
                                  section::cogate,
                                  section::deadlines,
                                  section::limits,
                                  section::ledger,
                                  section::accounts,
                                  section::provider_budget,
                                  section::key_defaults,
                                  section::key_bounds,
                                  section::user_defaults};

std::optional<section> home_of(std::string_view name)
{
    for (section const where : all_sections) {
        if (find_key(where, name) != nullptr || is_litellm_key(where, name)) {
            return where;
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> near_key(section where, std::string_view name)
{
    std::vector<std::string_view> choices;
    for (key const& row : served_keys()) {
        if (row.where == where && row.name != other_prices) {
            choices.push_back(row.name);
        }
    }
    for (std::string_view const known : litellm_keys(where)) {
        if (!known.ends_with('*')) {
            choices.push_back(known);
        }
    }
    return core::nearest(name, choices);
}

} // namespace

void reader::unused(section where, member const& which)
{
    std::string const place(to_string(where));
    auto const [seen, first] = unused_.try_emplace({where, which.name}, repeated{diagnostics_.size(), 0});
    ++seen->second.times;
    if (!first) {
        return;
    }
    if (is_litellm_key(where, which.name)) {
        warn(which.mark,
             "key '" + which.name + "' in " + place + " is known to LiteLLM, not used by cogate yet");
        return;
    }
    auto const near = near_key(where, which.name);
    if (where == section::model_info && !near) {
        // Users keep facts of their own there; only a likely slip is worth a word.
        unused_.erase(seen);
        return;
    }
    std::string message = "unknown key '" + which.name + "' in " + place;
    if (auto const home = home_of(which.name)) {
        message += "; it belongs to " + std::string(to_string(*home));
    } else if (near) {
        message += "; did you mean '" + std::string(*near) + "'?";
    }
    warn(which.mark, std::move(message));
}

} // namespace cogate::config

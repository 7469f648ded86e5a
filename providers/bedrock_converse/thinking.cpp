#include "providers/bedrock_converse/thinking.hpp"

#include "providers/anthropic_messages/model_family.hpp"

#include "lib/core/json/writer.hpp"

#include <algorithm>

namespace cogate::providers::bedrock_converse {

namespace {

using anthropic_messages::effort_range;
using anthropic_messages::thinking_mode;

constexpr std::int64_t least_budget = 1024;

bool is_off(reasoning_options const& r) noexcept
{
    return r.enabled == false || r.effort == "none" || r.budget_tokens == 0;
}

/// The word for a budget, where the caller gave no word.
std::string_view effort_of(reasoning_options const& r) noexcept
{
    if (!r.effort.empty()) {
        return r.effort;
    }
    const std::int64_t budget = r.budget_tokens.value_or(4096);
    return budget < 2048 ? "low" : budget < 8192 ? "medium" : "high";
}

std::int64_t budget_of(reasoning_options const& r) noexcept
{
    if (r.budget_tokens) {
        return *r.budget_tokens;
    }
    if (r.effort == "minimal" || r.effort == "low") {
        return least_budget;
    }
    return r.effort == "medium"                     ? 2 * least_budget
           : r.effort == "high" || r.effort.empty() ? 4 * least_budget
                                                    : 8 * least_budget;
}

/// The nearest word that the model knows.
std::string_view effort_within(std::string_view word, effort_range range) noexcept
{
    if (word == "minimal") {
        return "low";
    }
    if (word == "xhigh" && range != effort_range::xhigh) {
        return range == effort_range::max ? "max" : "high";
    }
    return word == "max" && range == effort_range::high ? std::string_view("high") : word;
}

raw_json object(std::string_view type, std::optional<std::int64_t> budget = {})
{
    std::string text;
    json::writer out(text);
    out.begin_object().member("type", type);
    if (budget) {
        out.member("budget_tokens", *budget);
    }
    out.end_object();
    return {std::move(text)};
}

raw_json single(std::string_view name, std::string_view value)
{
    std::string text;
    json::writer(text).begin_object().member(name, value).end_object();
    return {std::move(text)};
}

void for_claude(reasoning_options const& r, anthropic_messages::model_family const& family,
                std::optional<std::int64_t> max_tokens, thinking_wish& out)
{
    if (is_off(r)) {
        out.fields.set("thinking", object("disabled"));
        return;
    }
    out.on = true;
    const bool adaptive = family.thinking == thinking_mode::adaptive ||
                          (family.thinking == thinking_mode::both && !r.budget_tokens);
    if (adaptive) {
        out.fields.set("thinking", object("adaptive"));
        if (family.effort != effort_range::none && (!r.effort.empty() || r.budget_tokens)) {
            out.fields.set("output_config", single("effort", effort_within(effort_of(r), family.effort)));
        }
        return;
    }
    const std::int64_t budget = std::max(budget_of(r), least_budget);
    out.fields.set("thinking", object("enabled", budget));
    if (max_tokens && *max_tokens <= budget && !r.budget_tokens) {
        out.max_tokens = budget + *max_tokens;
    }
}

} // namespace

thinking_wish wish_for(reasoning_options const& r, model_facts const& model,
                       std::optional<std::int64_t> max_tokens)
{
    thinking_wish out;
    if (r.empty() || (r.effort.empty() && !r.budget_tokens && !r.enabled)) {
        return out;
    }
    if (model.claude != nullptr) {
        for_claude(r, *model.claude, max_tokens, out);
    } else if (model.nova) {
        const std::string_view word = effort_of(r);
        std::string text;
        json::writer json(text);
        json.begin_object().member("type", is_off(r) ? "disabled" : "enabled");
        if (!is_off(r)) {
            json.member("maxReasoningEffort", word == "low" || word == "minimal" ? "low"
                                              : word == "medium"                 ? "medium"
                                                                                 : "high");
        }
        json.end_object();
        out.fields.set("reasoningConfig", raw_json{std::move(text)});
    } else if (!is_off(r)) {
        std::string text;
        json::writer(text).value(effort_of(r));
        out.fields.set("reasoning_effort", raw_json{std::move(text)});
    }
    return out;
}

} // namespace cogate::providers::bedrock_converse

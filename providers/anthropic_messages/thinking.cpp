#include "providers/anthropic_messages/thinking.hpp"

#include "providers/anthropic_messages/messages.hpp"

#include <algorithm>

namespace cogate::providers::anthropic_messages {

namespace {

constexpr std::int64_t least_budget = 1024;
constexpr std::int64_t default_budget = 2048;

bool is_off(reasoning_options const& r) noexcept
{
    return r.enabled == false || r.effort == "none" || (r.budget_tokens && *r.budget_tokens == 0);
}

std::int64_t budget_of(reasoning_options const& r) noexcept
{
    if (r.budget_tokens && *r.budget_tokens > 0) {
        return std::max(*r.budget_tokens, least_budget);
    }
    return r.effort == "minimal" || r.effort == "low" ? least_budget
           : r.effort == "high"                       ? 4096
           : r.effort == "xhigh" || r.effort == "max" ? 16384
                                                      : default_budget;
}

std::string_view effort_for(reasoning_options const& r, effort_range range, bool own) noexcept
{
    if (range == effort_range::none || r.effort == "none") {
        return {};
    }
    if (own) {
        return r.effort;
    }
    if (r.effort.empty() && r.budget_tokens && *r.budget_tokens > 0) {
        return *r.budget_tokens < 2048 ? "low" : *r.budget_tokens < 8192 ? "medium" : "high";
    }
    if (r.effort == "minimal") {
        return "low";
    }
    const bool too_much = (r.effort == "xhigh" && range != effort_range::xhigh) ||
                          (r.effort == "max" && range == effort_range::high);
    return too_much ? std::string_view("high") : std::string_view(r.effort);
}

/// Within the caller's limit where that leaves room for an answer, else the limit is raised.
void fit_budget(thinking_plan& plan)
{
    if (plan.budget_tokens < plan.max_tokens) {
        return;
    }
    plan.budget_tokens = plan.max_tokens / 2;
    if (plan.budget_tokens < least_budget) {
        plan.budget_tokens = least_budget;
        plan.max_tokens = std::max<std::int64_t>(plan.max_tokens, 1) + least_budget;
    }
}

} // namespace

bool wants_more_thinking(chat_request const& request, model_family const& family) noexcept
{
    reasoning_options const& r = request.reasoning;
    const bool wanted = !r.effort.empty() || r.budget_tokens || r.enabled == true;
    return family.thinking == thinking_mode::none && wanted && !is_off(r);
}

thinking_plan plan_thinking(chat_request const& request, model_family const& family, bool own,
                            bool forced_tool)
{
    using kind = thinking_plan::kind;
    reasoning_options const& r = request.reasoning;
    thinking_plan plan;
    plan.max_tokens = request.max_completion_tokens ? *request.max_completion_tokens
                      : request.max_tokens          ? *request.max_tokens
                                                    : family.max_output;
    plan.effort = effort_for(r, family.effort, own);
    const bool said = own ? r.enabled.has_value() || r.budget_tokens.has_value()
                          : !r.effort.empty() || r.budget_tokens || r.enabled;
    if (!said || family.thinking == thinking_mode::none) {
        return plan;
    }
    if (is_off(r)) {
        plan.type = kind::disabled;
        return plan;
    }
    if (!own && forced_tool) {
        return plan;
    }
    const bool by_budget = r.budget_tokens && *r.budget_tokens > 0;
    switch (family.thinking) {
    case thinking_mode::adaptive: plan.type = kind::adaptive; break;
    case thinking_mode::both: plan.type = by_budget ? kind::budget : kind::adaptive; break;
    case thinking_mode::budget: plan.type = kind::budget; break;
    case thinking_mode::none: break;
    }
    if (plan.type == kind::budget) {
        if (!own && lacks_thinking(request)) {
            plan.type = kind::absent;
            return plan;
        }
        plan.budget_tokens = own && by_budget ? *r.budget_tokens : budget_of(r);
        if (!own || !by_budget) {
            fit_budget(plan);
        }
    }
    return plan;
}

} // namespace cogate::providers::anthropic_messages

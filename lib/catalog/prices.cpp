#include <cogate/prices.hpp>

#include <string>

#include "lib/catalog/cost.hpp"
#include "lib/catalog/model_catalog.hpp"

namespace cogate {
namespace {

result<model_facts const*> known_model(std::string_view name)
{
    model_facts const* const facts = catalog::model_catalog::embedded()->find(name);
    if (facts == nullptr) {
        return failure(error_kind::not_found,
                       "no model of the price table is called \"" + std::string(name) + '"')
            .with_code("unknown_model")
            .with_param("model");
    }
    return facts;
}

billing_facts with_time(billing_facts facts)
{
    if (facts.when == std::chrono::sys_seconds::max()) {
        facts.when = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }
    return facts;
}

} // namespace

result<model_facts> model_info(std::string_view name)
{
    result<model_facts const*> const found = known_model(name);
    if (!found) {
        return found.error();
    }
    return **found;
}

result<token_cost> cost_per_token(std::string_view model, std::int64_t prompt_tokens,
                                  std::int64_t completion_tokens, billing_facts const& facts)
{
    result<model_facts const*> const found = known_model(model);
    if (!found) {
        return found.error();
    }
    usage tokens;
    tokens.prompt_tokens = prompt_tokens;
    tokens.completion_tokens = completion_tokens;
    result<call_cost> const cost = catalog::cost_of(**found, tokens, with_time(facts));
    if (!cost) {
        return cost.error();
    }
    return token_cost{cost->prompt, cost->completion};
}

result<money> completion_cost(std::string_view model, usage const& tokens, billing_facts const& facts)
{
    result<model_facts const*> const found = known_model(model);
    if (!found) {
        return found.error();
    }
    result<call_cost> const cost = catalog::cost_of(**found, tokens, with_time(facts));
    if (!cost) {
        return cost.error();
    }
    return cost->total;
}

} // namespace cogate

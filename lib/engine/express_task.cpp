#include "lib/engine/express_task.hpp"

#include "lib/engine/express_dispatch.hpp"

#include <cogate/tokens.hpp>

#include <string>

namespace cogate::engine {

std::int64_t count_tokens_of(std::string_view model, chat_request const& request)
{
    return static_cast<std::int64_t>(token_counter(model, request));
}

result<std::unique_ptr<dispatch>> express_task::prepare(served_deployment const& deployment,
                                                        std::string_view upstream_model)
{
    providers::client_dialect const* const same =
        deployment.dialect_for(inbound_.dialect.name(), upstream_model);
    providers::call_context const context = deployment.context(upstream_model, facts().stream);
    if (same != nullptr && same->express_fits(*request_, context)) {
        return relayed({deployment, *same, upstream_model});
    }
    return translated(
        {deployment, same != nullptr ? *same : deployment.primary(upstream_model), upstream_model});
}

std::unique_ptr<dispatch> express_task::relayed(place const& to)
{
    return std::make_unique<express_dispatch>(*this, to);
}

result<std::unique_ptr<dispatch>> express_task::translated(place const& to)
{
    return failure{error_kind::invalid_request, std::string(to.deployment.provider->name) +
                                                    " does not serve this operation for " +
                                                    std::string(facts().model.substr(0, 200))}
        .with_code("unsupported_operation")
        .with_param("model");
}

result<std::unique_ptr<relay_task>> read_token_count(inbound_chat const& inbound)
{
    providers::express_lane const* const lane = inbound.dialect.count_tokens_express();
    if (lane == nullptr) {
        return failure{error_kind::not_found, "This dialect has no token counting."}.with_code("unknown_url");
    }
    return read_as<express_task>(inbound, providers::operation::count_tokens, *lane);
}

} // namespace cogate::engine

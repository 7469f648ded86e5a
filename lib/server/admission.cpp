#include "lib/server/admission.hpp"

#include "lib/wire/header.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace cogate::server {
namespace {

std::vector<std::string> groups_of(engine::routes const& served, std::string_view model)
{
    std::vector<std::string> out;
    for (engine::served_deployment const& each : served.deployments()) {
        if (each.model_name == model) {
            out.insert(out.end(), each.access_groups.begin(), each.access_groups.end());
        }
    }
    return out;
}

result<void> may_use(routed const& at, std::string_view model)
{
    if (at.caller.is_master) {
        return {};
    }
    return ledger::may_use_model(at.caller, model, [&](std::string_view name) {
        return groups_of(*at.server.kernel().current_routes(), name);
    });
}

std::string_view end_user_of(transports::inbound_request const& request, std::string_view said) noexcept
{
    for (std::string_view const name : {"x-litellm-end-user-id", "x-litellm-customer-id"}) {
        if (auto const id = wire::find_header(request.headers(), name)) {
            return *id;
        }
    }
    return said;
}

} // namespace

result<std::string_view> admit(routed const& at, boost::asio::any_io_executor const& executor,
                               asked_call const& what, call_options& options)
{
    accounts* const books = at.server.accounts();
    if (books == nullptr) {
        return what.model;
    }
    std::string_view const model = ledger::model_meant(at.caller, what.model);
    if (result<void> const may = may_use(at, model); !may) {
        return may.error();
    }
    if (options.routing) { // where a call may end is as little the client's choice as where it begins
        for (std::string const& other : options.routing->fallbacks) {
            if (result<void> const may = may_use(at, other); !may) {
                failure why = may.error();
                return why.with_param("fallbacks");
            }
        }
    }
    account_facts const facts{.call_type = what.call_type,
                              .model = model,
                              .end_user = end_user_of(at.request, what.end_user),
                              .tags = options.tags,
                              .prompt_bytes = what.prompt_bytes,
                              .max_output_tokens = what.max_output_tokens};
    result<std::shared_ptr<account>> opened = account::open(*books, at.caller, executor, facts);
    if (!opened) {
        // a name that cannot be booked is first of all one that nobody serves
        if (opened.error()->param == "model") {
            if (auto const way = at.server.kernel().current_routes()->find(model); !way) {
                return way.error();
            }
        }
        return opened.error();
    }
    options.payer = std::move(*opened);
    return model;
}

bool may_see_model(routed const& at, std::string_view model)
{
    return may_use(at, model).has_value();
}

} // namespace cogate::server

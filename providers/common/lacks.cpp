#include "providers/common/lacks.hpp"

#include "lib/core/json/scanner.hpp"

#include <algorithm>

namespace cogate::providers {

std::optional<failure> lacks(std::string_view parameter, call_context const& context)
{
    auto const& always = context.rules.additional_drop_params;
    if (context.rules.drop_params || std::find(always.begin(), always.end(), parameter) != always.end()) {
        return std::nullopt;
    }
    std::string text(context.service.name);
    text += " has no counterpart of '";
    text += parameter;
    text += "'; leave it out, or set drop_params";
    return failure(error_kind::invalid_request, std::move(text))
        .with_code("unsupported_parameter")
        .with_param(std::string(parameter));
}

failure unsupported_content(std::string_view what, std::string param)
{
    return failure(error_kind::invalid_request,
                   "this provider cannot take " + std::string(what) + " ('" + param + "')")
        .with_code("unsupported_content")
        .with_param(std::move(param));
}

result<void> check_repeats(std::string_view body, extra_fields const& extra)
{
    json::scan_error error;
    if (extra.empty() || json::find_members(body, {}, error)) {
        return {};
    }
    const std::string_view fault = error.code == json::scan_errc::duplicate_key
                                       ? "'extra' names a field that is sent already: "
                                       : "'extra' makes a body that cannot be sent: ";
    return failure(error_kind::invalid_request, std::string(fault) + json::to_string(error))
        .with_param("extra");
}

result<encoded_request> without_repeats(encoded_request&& request, extra_fields const& extra)
{
    if (const result<void> good = check_repeats(request.body, extra); !good) {
        return good.error();
    }
    return std::move(request);
}

result<encoded_request> close_request(raw_writer& to, encoded_request&& request, extra_fields const& extra)
{
    to.extra(extra);
    to.out().end_object();
    if (!to.good()) {
        return to.error();
    }
    return without_repeats(std::move(request), extra);
}

} // namespace cogate::providers

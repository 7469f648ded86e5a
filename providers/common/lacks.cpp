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

result<encoded_request> without_repeats(encoded_request&& request, extra_fields const& extra)
{
    if (!extra.empty()) {
        json::scan_error error;
        if (!json::find_members(request.body, {}, error)) {
            return failure(error_kind::invalid_request,
                           "'extra' names a field that is sent already: " + json::to_string(error))
                .with_param("extra");
        }
    }
    return std::move(request);
}

} // namespace cogate::providers

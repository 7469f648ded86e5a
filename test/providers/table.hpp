#pragma once
/// What the tests over the table of services share.

#include "providers/registry.hpp"
#include "providers/resolve.hpp"

#include "lib/core/words.hpp"

#include <string>
#include <string_view>

namespace cogate::test {

/// A deployment with the key "k", every setting of the row, and a base URL where the row has none.
inline result<providers::resolved_service> deployed(providers::provider const& row)
{
    providers::service_request given{.model = {}, .api_key = secret("k")};
    const std::string name = std::string(row.name) + (row.name == "replicate" ? "/o/m" : "/m");
    given.model = name;
    for (providers::setting_source const& setting : providers::setting_sources(row)) {
        const bool in_url =
            row.base_url.find("{" + std::string(setting.name) + "}") != std::string_view::npos;
        if (in_url || setting.required) {
            const std::string value = setting.name == "aws_region_name" ? "eu-west-3"
                                      : setting.name == "vertex_location"
                                          ? "europe-west4"
                                          : "given-" + std::string(setting.name);
            given.settings.emplace_back(std::string(setting.name), secret(value));
        }
    }
    if (row.base_url.empty() && row.make_base_url == nullptr) {
        given.api_base = "https://given/base/";
    }
    return providers::resolve_service(given, {});
}

inline bool is_openai_like(providers::provider const& row)
{
    const std::string_view dialect = core::first_word(row.dialects);
    return dialect == "openai_chat" || dialect == "azure_openai";
}

} // namespace cogate::test

#include "lib/ledger/accounts/allowed_routes.hpp"

#include <algorithm>
#include <array>

namespace cogate::ledger {

namespace {

constexpr std::array<std::string_view, 14> info_paths{
    "/key/info",   "/v2/key/info",   "/key/list",         "/key/health",        "/user/info",
    "/team/info",  "/team/list",     "/v2/team/list",     "/team/available",    "/organization/info",
    "/model/info", "/v2/model/info", "/model_group/info", "/organization/list",
};

// Whole services behind one path: their requests are of no dialect that we would know from the path.
constexpr std::array<std::string_view, 8> native_prefixes{
    "/openai/", "/anthropic/", "/gemini/", "/vertex_ai/", "/bedrock/", "/cohere/", "/azure/", "/mistral/",
};

bool starts_with_any(std::span<std::string_view const> prefixes, std::string_view path) noexcept
{
    auto const fits = [&](std::string_view p) { return path.starts_with(p); };
    return std::any_of(prefixes.begin(), prefixes.end(), fits);
}

bool is_management(route_class what) noexcept
{
    return what == route_class::self_service || what == route_class::admin_read ||
           what == route_class::admin || what == route_class::master;
}

bool is_google(std::string_view path) noexcept
{
    return path.starts_with("/models/") && path.find(':') != std::string_view::npos;
}

bool is_anthropic(std::string_view path) noexcept
{
    return path == "/messages" || path.starts_with("/messages/");
}

bool is_in_group(std::string_view group, route_class what, std::string_view path) noexcept
{
    bool const is_model_route = what == route_class::model_call || what == route_class::model_list;
    if (group == "llm_api_routes") {
        return is_model_route;
    }
    if (group == "management_routes") {
        return is_management(what);
    }
    if (group == "info_routes") {
        return std::find(info_paths.begin(), info_paths.end(), path) != info_paths.end();
    }
    if (group == "google_routes") {
        return is_model_route && is_google(path);
    }
    if (group == "anthropic_routes") {
        return is_model_route && is_anthropic(path);
    }
    return group == "openai_routes" && is_model_route && !is_google(path) && !is_anthropic(path) &&
           !starts_with_any(native_prefixes, path);
}

std::string_view without_version(std::string_view path) noexcept
{
    for (std::string_view const version : {"/v1beta/", "/v1/"}) {
        if (path.starts_with(version)) {
            return path.substr(version.size() - 1);
        }
    }
    return path;
}

bool names(std::string_view entry, route_class what, std::string_view path) noexcept
{
    if (!entry.starts_with('/')) {
        return is_in_group(entry, what, path);
    }
    entry = without_version(entry);
    if (entry.ends_with("/*")) {
        return path.starts_with(entry.substr(0, entry.size() - 1)); // with the slash: "/key/*" is not "/keys"
    }
    return entry == path;
}

} // namespace

bool is_listed_route(std::span<std::string const> allowed, route_class what, std::string_view path) noexcept
{
    auto const is_it = [&](std::string_view entry) { return names(entry, what, path); };
    return std::any_of(allowed.begin(), allowed.end(), is_it);
}

bool matches(std::string_view pattern, std::string_view text) noexcept
{
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos; // the last one seen, and what it stood for ends at `resume`
    std::size_t resume = 0;
    while (t != text.size()) {
        if (p != pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p != pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

} // namespace cogate::ledger

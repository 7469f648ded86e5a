#include "providers/vertex/credentials_file.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/secret.hpp"
#include "lib/core/text.hpp"
#include "providers/common/small_file.hpp"

#include <algorithm>

namespace cogate::providers::vertex {

std::optional<std::string> credentials_text(settings const& given)
{
    const std::string_view value = core::trim(given.get("vertex_credentials"));
    if (value.empty()) {
        return std::nullopt;
    }
    if (value.front() == '{') {
        return std::string(value);
    }
    return read_small_file(std::filesystem::path(std::string(value)));
}

bool is_plain_name(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= 128 && text.find("..") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.' || c == '_' || c == ':';
           });
}

std::string project_of(settings const& given)
{
    if (given.has("vertex_project")) {
        return std::string(given.get("vertex_project"));
    }
    std::optional<std::string> text = credentials_text(given);
    if (!text) {
        return {};
    }
    json::document doc;
    json::parse_error error;
    std::string project;
    if (doc.parse(*text, error)) {
        project = doc[doc.root().contains("project_id") ? "project_id" : "quota_project_id"].string();
    }
    core::wipe(*text);
    return project;
}

} // namespace cogate::providers::vertex

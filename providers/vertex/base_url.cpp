#include "providers/vertex/dialect.hpp"

#include "providers/vertex/credentials_file.hpp"

namespace cogate::providers::vertex {

std::string base_url(settings const& given)
{
    const std::string project = project_of(given);
    const std::string location =
        given.has("vertex_location") ? std::string(given.get("vertex_location")) : "global";
    // A colon belongs to projects of a domain ("example.com:name"), not to a host.
    if (!is_plain_name(location) || location.find_first_of(":._") != std::string::npos ||
        (!project.empty() && !is_plain_name(project))) {
        return {};
    }
    std::string host = location + "-aiplatform.googleapis.com";
    if (location == "global" || project.empty()) {
        host = "aiplatform.googleapis.com";
    } else if (location == "us" || location == "eu") {
        host = "aiplatform." + location + ".rep.googleapis.com";
    }
    // v1beta1 has the members that v1 gets later.
    std::string url = "https://" + host + "/v1beta1";
    if (!project.empty()) {
        url += "/projects/" + project + "/locations/" + location;
    }
    return url;
}

} // namespace cogate::providers::vertex

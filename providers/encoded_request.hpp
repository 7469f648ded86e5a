#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::providers {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// A request ready for the wire, without host and credentials. `path` is appended to the base URL's path and may
/// hold a query.
struct encoded_request {
    std::string path;
    std::string body;
    header_list headers{}; ///< beyond host, content-type, content-length, accept and the credentials
    std::string_view method = "POST";
    std::string content_type = "application/json";
};

} // namespace cogate::providers

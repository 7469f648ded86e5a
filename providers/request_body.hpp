#pragma once
/// The first look at a client's whole body, the same for every dialect.

#include <cogate/result.hpp>

#include "lib/core/json/document.hpp"
#include "lib/core/json/syntax.hpp"

#include <string_view>

namespace cogate::providers {

/// The root of a client's body, or the 400 for one that is no JSON object or names a field twice.
result<json::value> open_request(json::document& doc, std::string_view body);

/// The 400 for a body that is not JSON, or names a field twice.
failure not_json(json::scan_error const& error, std::string_view body);

} // namespace cogate::providers

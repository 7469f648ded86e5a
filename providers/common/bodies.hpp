#pragma once
/// The first look at whole bodies, the same for every dialect.

#include <cogate/result.hpp>

#include "lib/core/json/document.hpp"
#include "lib/core/json/syntax.hpp"
#include "providers/request_body.hpp"

#include <optional>
#include <string_view>

namespace cogate::providers {

/// A provider's answer that is not what it should be: bad_gateway/"upstream_invalid_response".
failure nonsense(std::string_view what);

/// The root object of a provider's answer or event, or `nonsense`.
result<json::value> open_json(json::document& doc, std::string_view body);

/// The same, or the failure that `reported` finds in it.
result<json::value> open_json(json::document& doc, std::string_view body,
                              std::optional<failure> (*reported)(json::value root));

/// `truncated` unless a stream's end was seen; `end_mark` names what ends it, as in "its end mark".
result<void> whole_if(bool ended, std::string_view end_mark);

/// The root object of one event of a stream; `what` names it as in "an event". An event that was cut off is
/// `truncated`.
result<json::value> open_event(json::document& doc, std::string_view data, bool complete,
                               std::string_view what = "an event");

} // namespace cogate::providers

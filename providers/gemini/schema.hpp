#pragma once
/// Google's schemas (a part of OpenAPI 3.0's) to JSON schemas and back (providers.md 5.2).

#include <cogate/result.hpp>

#include "lib/core/json/document.hpp"

#include <string>
#include <string_view>

namespace cogate::providers::gemini {

/// "STRING" becomes "string", `nullable` a type list. What is a JSON schema already stays one.
std::string to_json_schema(json::value schema);

/// References inlined, what Google does not know left out. Fails (invalid_request, `param`) when the schema
/// is not JSON, refers to itself or grows beyond all bounds.
result<std::string> to_openapi(std::string_view schema, std::string_view param);

} // namespace cogate::providers::gemini

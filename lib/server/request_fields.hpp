#pragma once

#include <cogate/call_options.hpp>
#include <cogate/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogate::server {

/// Takes LiteLLM's routing fields out of the body of an OpenAI request: `fallbacks` (names, or objects with `model`),
/// `disable_fallbacks`, `num_retries`, `tags`, `mock_testing_fallbacks`, `mock_testing_context_fallbacks` (also spelled
/// `mock_testing_context_window_fallbacks`), `mock_testing_content_policy_fallbacks`, `mock_testing_rate_limit_error`.
/// `api_base`, `api_key` and `base_url` are a 400: no client says where calls go.
/// `metadata.tags` is read where it is a list; `metadata` stays, it is OpenAI's own.
///
/// What they say goes into `to`; a number of retries that stands there already (a header's) is kept. The result is the
/// body without the fields, or nullopt when it has none and may go on as it is: found with one fast search, without
/// allocation. A body that is no JSON object is left to its dialect's error; a field that makes no sense is a 400 that
/// names it. Pure; any thread.
result<std::optional<std::string>> take_request_fields(std::string_view body, call_options& to);

} // namespace cogate::server

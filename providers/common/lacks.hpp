#pragma once
/// What an encoder says of things that its service has no place for.

#include <cogate/raw_json.hpp>
#include <cogate/result.hpp>

#include "providers/call_context.hpp"
#include "providers/common/fields.hpp"
#include "providers/encoded_request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers {

/// For a parameter that the service has no counterpart of: the 400 that names it (code
/// "unsupported_parameter"), or nothing when the rules say to leave it out.
std::optional<failure> lacks(std::string_view parameter, call_context const& context);

/// The 400 for content of a kind that the dialect cannot carry: invalid_request/"unsupported_content" at
/// `param`.
failure unsupported_content(std::string_view what, std::string param);

/// The 400 when a member of `extra` named a field of the body that was written already: it would be sent twice.
result<void> check_repeats(std::string_view body, extra_fields const& extra);
/// The request, if that finds no fault.
result<encoded_request> without_repeats(encoded_request&& request, extra_fields const& extra);

/// Ends the body that `to` writes with the members of `extra`, and looks for faults in it.
result<encoded_request> close_request(raw_writer& to, encoded_request&& request, extra_fields const& extra);

} // namespace cogate::providers

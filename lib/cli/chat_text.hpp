#pragma once
/// The pure parts of `cogate chat`.

#include <cogate/error.hpp>
#include <cogate/model.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogate::cli {

/// The prompt: the arguments, then what was piped in, a blank line between them. One line end at the end of
/// the piped text is dropped.
std::string join_prompt(std::string_view arguments, std::string_view piped);

/// The model when none is named: `wanted` (COGATE_MODEL) if given; else the first that is served under an
/// exact name; else a small one of the first provider with a key; else demo/echo.
std::string default_model(std::string_view wanted, std::vector<model> const& served);

/// Text of a model, safe to show: without the control characters (C0 but tab and line feed, DEL, C1) by which
/// a hostile answer could drive the terminal. `text` is UTF-8.
std::string terminal_text(std::string_view text);

/// What a person can do about a failed call; empty when the message says it all. Ends without a line end.
std::string advice(failure const& why);

/// The payloads of whole SSE events, one per line, as JSON lines.
std::string json_lines(std::string_view events);

} // namespace cogate::cli

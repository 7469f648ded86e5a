#pragma once

#include "lib/wire/scripted_reply.hpp"

#include <span>
#include <string_view>

/// A provider inside the process, for trying things out and for tests: speaks openai_chat, needs no key and
/// no network. Every answer is a function of the request alone, ids and `created` included.
///
///     echo          says the last user message again
///     tokens-N      says N words, 50 a second; tokens-N@R: R a second (N <= 100000, R <= 1000000)
///     tool          calls the first tool offered (or the one asked for), arguments made from its schema; says
///                   what the tool said when the last message is a tool's result
///     error-STATUS  answers that HTTP status (400 to 599); 429 with retry-after: 1
///     stall         says half of what echo says, then nothing more
///     cut           says half of what echo says, then breaks the connection
///     embedding     unit vectors from a hash of each input, 64 numbers or `dimensions` (at most 4096)
///
/// Usage counts words (runs without white space) as tokens. Thread safety: any thread.
namespace cogate::providers::demo {

/// The local_responder of the provider table.
wire::scripted_reply answer(std::string_view path, std::string_view body);

/// Names to show in a list of models, without the prefix; patterns appear by an example.
std::span<std::string_view const> model_names() noexcept;

} // namespace cogate::providers::demo

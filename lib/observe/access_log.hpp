#pragma once

#include <cogate/observer.hpp>

#include <memory>
#include <string>

namespace cogate::observe {

/// One JSON line per finished call, in a file or on standard output ("-"): ids, model, status, times, tokens, cost, how
/// many attempts it took, and the kind and code of an error. Calls of several attempts have a "route", one object for each
/// (the first 32) with its times from the start of the call. Never prompts, answers, keys or the provider's error text.
/// `cogate replay` reads these lines.
/// Throws std::system_error when the file cannot be opened.
std::shared_ptr<observer> make_access_log(std::string const& path);

} // namespace cogate::observe

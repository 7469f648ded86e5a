#pragma once

#include <cogate/observer.hpp>

#include <memory>
#include <string>

namespace cogate::observe {

/// One JSON line per finished call, in a file or on standard output ("-"): ids, model, status, times, tokens and
/// the kind and code of an error. Never prompts, answers, keys or the provider's error text.
/// Throws std::system_error when the file cannot be opened.
std::shared_ptr<observer> make_access_log(std::string const& path);

} // namespace cogate::observe

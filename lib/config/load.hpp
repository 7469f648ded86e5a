#pragma once

#include "lib/config/diagnostic.hpp"
#include "lib/config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::config {

/// What came of reading a configuration. `value` is there exactly when no diagnostic is an error.
struct loaded {
    std::optional<settings> value;
    std::vector<diagnostic> diagnostics; ///< in the order of the lines
};

/// Reads a configuration in LiteLLM's format (`model_list`, `litellm_settings`, `general_settings`,
/// `router_settings`, `environment_variables`) plus the mapping `cogate` with keys of our own; `served_keys`
/// lists what is used.
///
/// * "os.environ/NAME" as a value is replaced by that variable; a variable that is not set is an error at the
///   line of a key that is used. `environment_variables` come before `variables`; the process is not changed,
///   `gateway.environment` sees both.
/// * A key that LiteLLM knows and cogate does not use yet is a warning, so is an unknown one, with the
///   nearest known name. A wrong value, a key given twice and a missing one are errors. All faults are found
///   in one run.
/// * Routing: what `router_settings` say goes before `litellm_settings`. A fallback or alias of a model group
///   that does not exist and fallbacks that go in a circle are errors.
/// * `providers_from_environment` is on unless there is a `model_list`.
///
/// `name` is what diagnostics call the file. Never throws but for memory. Untrusted text is safe: size and
/// depth are bounded.
loaded load(std::string_view yaml, std::string const& name, environment_lookup const& variables);

/// The same for a file of at most 4 MiB; "-" is standard input. A file that cannot be read is one diagnostic
/// without a line.
loaded load_file(std::string const& path, environment_lookup const& variables);

} // namespace cogate::config

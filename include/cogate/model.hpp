#pragma once

#include <cstdint>
#include <string>

namespace cogate {

/// A model that callers can name. Plain value: borrows nothing, thread-safe as one.
struct model {
    std::string id;           ///< what to put into `chat_request::model`
    std::string provider;     ///< "openai", "demo", ...
    std::string upstream;     ///< the provider's own name of it; "*" for a wildcard
    std::int64_t created = 0; ///< seconds since the epoch, UTC; 0: not known
    friend bool operator==(model const&, model const&) = default;
};

} // namespace cogate

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::wire {

/// An HTTP answer that is known beforehand, with its timing: what a local provider or a test's upstream says.
/// Pure data; `transports/memory` plays it.
struct scripted_reply {
    struct step {
        std::chrono::milliseconds delay{0}; ///< waited before the bytes
        std::string bytes;                  ///< body bytes, already without any transfer coding
    };

    enum class ending {
        complete,  ///< the body ends as promised
        cut,       ///< the connection breaks after the last step
        stall,     ///< nothing comes after the last step, and nothing ends
        no_answer, ///< the connection breaks before any head
        refuse,    ///< no connection at all
    };

    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
    std::chrono::milliseconds head_delay{0};
    std::vector<step> body;
    ending end = ending::complete;
};

/// Answers a request without a network: `path` as sent upstream, `body` whole. Must be thread-safe.
using local_responder = scripted_reply (*)(std::string_view path, std::string_view body);

} // namespace cogate::wire

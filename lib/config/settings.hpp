#pragma once

#include "lib/config/money_settings.hpp"

#include <cogate/gateway.hpp>
#include <cogate/secret.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace cogate::config {

/// Caps of inbound connections, as `transports::inbound_limits` has them: this floor does not know the
/// listener.
struct inbound_limits {
    std::size_t head_bytes = 16 * 1024;
    std::size_t body_bytes = 32 * 1024 * 1024;
    std::chrono::milliseconds head_time{10'000};
    std::chrono::milliseconds body_time{60'000};
    std::size_t body_rate = 1024; ///< bytes per second
    std::size_t buffered_body_bytes = std::size_t{1} << 30;
    std::chrono::milliseconds idle_time{75'000};
    std::chrono::milliseconds write_stall{60'000};
    std::size_t connections = 20'000;
};

/// Everything that a configuration file says. A default-constructed one is what runs without a file.
///
/// Plain value. `gateway.observers` is empty: whoever builds the gateway opens the access log.
struct settings {
    gateway_options gateway{};
    std::string host = "127.0.0.1";
    std::uint16_t port = 4000;
    unsigned workers = 1; ///< 0: one per core
    secret master_key{};
    inbound_limits limits{};
    std::chrono::milliseconds drain_grace{600'000};
    std::string access_log{};           ///< path, "-" for standard output; empty: none
    std::string data = "./cogate-data"; ///< folder of what the gateway keeps
    ledger_settings ledger{};
    key_settings keys{};
    bool cost_in_streams = false;            ///< `usage.cost` in the usage chunk of streams
    bool ignore_invalid_deployments = false; ///< a bad entry of model_list is skipped with a warning
};

} // namespace cogate::config

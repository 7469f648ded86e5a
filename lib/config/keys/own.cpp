#include "lib/config/keys/parts.hpp"
#include "lib/config/keys/stores.hpp"

#include <array>
#include <cstddef>

namespace cogate::config {

namespace {

using milliseconds = std::chrono::milliseconds;

template <milliseconds cogate::deadlines::*Member>
void deadline(target& to, value const& v)
{
    to.all.gateway.deadlines.*Member = v.time;
}

template <milliseconds inbound_limits::*Member>
void limit_time(target& to, value const& v)
{
    to.all.limits.*Member = v.time;
}

template <std::size_t inbound_limits::*Member>
void limit_size(target& to, value const& v)
{
    to.all.limits.*Member = static_cast<std::size_t>(v.number);
}

constexpr std::int64_t byte_cap = std::int64_t{1} << 40;
constexpr auto own = section::cogate;
constexpr auto times = section::deadlines;
constexpr auto limits = section::limits;
using enum value_type;

constexpr std::array rows{
    key{own, "host", text, "127.0.0.1", "address to listen on", &store_setting_text<&settings::host>},
    key{own, "port", integer, "4000", "port to listen on; 0: the system chooses",
        [](target& to, value const& v) { to.all.port = static_cast<std::uint16_t>(v.number); }, 0, 65535},
    key{own, "workers", integer, "1", "threads that serve; 0: one per core",
        [](target& to, value const& v) { to.all.workers = static_cast<unsigned>(v.number); }, 0, 1024},
    key{own, "drain_grace", duration, "600", "longest wait for running answers at the end",
        [](target& to, value const& v) { to.all.drain_grace = v.time; }},
    key{own, "access_log", text, "", "file with one line per call; - is standard output",
        &store_setting_text<&settings::access_log>},
    key{own, "data", text, "./cogate-data", "folder of what the gateway keeps",
        &store_setting_text<&settings::data>},
    key{own, "prices", text, "the built-in prices",
        "file of prices that go over them: LiteLLM's price map or models.dev's api.json"},
    key{own, "key_pepper", secret, "made once, kept in data",
        "secret that digests of virtual keys are made with",
        [](target& to, value const& v) { to.all.keys.pepper = cogate::secret(v.text); }},
    key{own, "ledger", mapping, "", "how money is written down"},
    key{own, "accounts", mapping, "", "how many keys, users and other records there may be"},
    key{own, "ca_file", text, "the system's", "PEM file of certificate authorities to trust as well",
        [](target& to, value const& v) { to.all.gateway.ca_file = v.text; }},
    key{own, "providers_from_environment", boolean, "true without model_list",
        "serve provider/model names of all providers whose key is set, and demo/*",
        [](target& to, value const& v) { to.all.gateway.providers_from_environment = v.yes; }},
    key{own, "idle_connections", integer, "64", "kept open per provider and worker",
        &store_gateway_size<&gateway_options::max_idle_connections_per_origin>, 0, 65536},
    key{own, "idle_connection_lifetime", duration, "30", "how long an unused connection is kept",
        [](target& to, value const& v) { to.all.gateway.idle_connection_lifetime = v.time; }},
    key{own, "deadlines", mapping, "", "limits of time of an exchange with a provider"},
    key{own, "limits", mapping, "", "limits of memory and of clients"},

    key{times, "connect", duration, "3", "DNS and TCP", &deadline<&cogate::deadlines::connect>},
    key{times, "tls", duration, "5", "TLS handshake", &deadline<&cogate::deadlines::tls>},
    key{times, "write", duration, "60", "sending the request", &deadline<&cogate::deadlines::write>},
    key{times, "first_byte", duration, "600", "request sent to answer begun",
        &deadline<&cogate::deadlines::first_byte>},
    key{times, "stream_first_byte", duration, "60", "the same for a streamed answer",
        &deadline<&cogate::deadlines::stream_first_byte>},
    key{times, "idle", duration, "60", "silence within an answer", &deadline<&cogate::deadlines::idle>},
    key{times, "total", duration, "1800", "the whole call", &deadline<&cogate::deadlines::total>},

    key{limits, "head_bytes", bytes, "16KiB", "request line and headers of a client",
        &limit_size<&inbound_limits::head_bytes>, 1024, 1 << 20},
    key{limits, "body_bytes", bytes, "32MiB", "request body of a client",
        &limit_size<&inbound_limits::body_bytes>, 1, byte_cap},
    key{limits, "head_time", duration, "10", "first byte of a head to its end",
        &limit_time<&inbound_limits::head_time>},
    key{limits, "body_time", duration, "60", "receiving a whole body",
        &limit_time<&inbound_limits::body_time>},
    key{limits, "body_rate", bytes, "1KiB", "bytes per second that a body must come with; 0: any",
        &limit_size<&inbound_limits::body_rate>, 0, byte_cap},
    key{limits, "buffered_body_bytes", bytes, "1GiB", "large request bodies in memory at one time",
        &limit_size<&inbound_limits::buffered_body_bytes>, 128 * 1024, byte_cap},
    key{limits, "idle_time", duration, "75", "keep-alive between two requests",
        &limit_time<&inbound_limits::idle_time>},
    key{limits, "write_stall", duration, "60", "longest time a client may take nothing",
        &limit_time<&inbound_limits::write_stall>},
    key{limits, "connections", integer, "20000", "clients at one time",
        &limit_size<&inbound_limits::connections>, 1, 10'000'000},
    key{limits, "event_bytes", bytes, "1MiB", "one event of a provider's stream",
        &store_gateway_size<&gateway_options::max_event_bytes>, 1024, byte_cap},
    key{limits, "response_bytes", bytes, "64MiB", "one whole answer of a provider",
        &store_gateway_size<&gateway_options::max_response_bytes>, 1024, byte_cap},
};

} // namespace

std::span<key const> own_keys() noexcept
{
    return rows;
}

} // namespace cogate::config

#pragma once

#include "transports/load_generator/histogram.hpp"
#include "transports/load_generator/response_reader.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace cogate::transports::load {

/// When requests are sent. In a closed loop each connection sends its next request when the last one is answered, so
/// that a stall of the server also silences the generator; an open loop keeps to its schedule and counts latency
/// from the intended moment.
enum class arrivals : std::uint8_t { closed, fixed, poisson };

/// One run of load against one server over plain TCP.
struct load_options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 4000;
    std::string request; ///< the bytes of every request: head and body
    bool stream = false; ///< answers must be event streams that end with `mark`
    end_mark mark = end_mark::done;
    unsigned connections = 1;
    arrivals schedule = arrivals::closed;
    double rate = 0; ///< requests per second of an open loop
    std::chrono::nanoseconds warmup{0};
    std::chrono::nanoseconds duration{std::chrono::seconds(10)};
    std::uint64_t requests = 0; ///< not 0: ends after so many measured requests, whatever the duration
    std::chrono::nanoseconds timeout{std::chrono::seconds(30)}; ///< of one request
    std::uint64_t seed = 1;
};

/// How far a run is.
struct load_progress {
    double seconds = 0; ///< since the start, warm-up included
    double rate = 0;    ///< good answers per second since the last report
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
};

/// What a run measured. Only whole, right answers are in the histograms; every other outcome is an error.
struct load_report {
    histogram latency;     ///< intended (open) or real (closed) start to the end of the answer
    histogram first_event; ///< the same start to the first event of a stream
    histogram event_gap;   ///< between neighbouring events of a stream, 0 when they came together
    std::map<std::string, std::uint64_t> errors;
    double seconds = 0;                ///< measured time, without warm-up
    double rate = 0;                   ///< good answers per second within it
    std::uint64_t completed = 0;       ///< good answers to measured requests
    std::uint64_t completed_total = 0; ///< those of the warm-up too
    std::uint64_t failed = 0;          ///< in measured time and warm-up
    std::uint64_t unsent = 0;     ///< open loop: requests due that found no free connection before the end
    std::uint64_t body_bytes = 0; ///< of all good answers
    std::uint64_t events = 0;
    std::uint64_t connects = 0;

    bool good() const noexcept { return failed == 0 && unsent == 0 && completed > 0; }
};

/// Runs the load on the calling thread; `progress`, when given, hears about once per second.
/// Throws std::runtime_error for an unknown host and std::system_error when descriptors run out.
load_report run_load(const load_options& options,
                     const std::function<void(const load_progress&)>& progress = {});

} // namespace cogate::transports::load

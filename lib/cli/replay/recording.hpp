#pragma once

#include <cogate/error.hpp>

#include "lib/policy/types.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cogate::cli::replay {

/// One attempt as a log line tells it. Times count from the start of its call.
struct logged_attempt {
    std::string deployment;
    std::string group;
    policy::duration began{};
    std::optional<policy::duration> first_token{};
    std::optional<policy::duration> ended{};
    std::optional<error_kind> error{};
};

/// One line of the access log.
struct logged_call {
    std::chrono::sys_time<std::chrono::milliseconds> time{};
    std::uint64_t affinity = 0; ///< a hash of the call's id: a log keeps no sessions
    std::string group;
    std::string provider; ///< of the deployment that answered last, as is the next
    std::string upstream_model;
    bool stream = false;
    policy::duration total{};
    std::optional<policy::duration> first_token{};
    std::optional<std::uint32_t> prompt_tokens{};
    std::optional<std::uint32_t> completion_tokens{};
    std::uint64_t request_bytes = 0;
    int attempts = 0;
    std::optional<error_kind> error{};
    std::optional<std::int64_t> nano_usd{}; ///< of all its attempts
    std::vector<logged_attempt> route{};    ///< empty when the line does not tell it
};

/// A deployment as it served one model group.
struct recorded_lane {
    std::string deployment;
    std::string group;
};

struct recorded_attempt {
    std::uint32_t lane = 0;
    policy::duration began{}; ///< times as in logged_attempt
    std::optional<policy::duration> first_token{};
    std::optional<policy::duration> ended{};
    std::optional<error_kind> error{};
};

struct recorded_call {
    policy::duration at{}; ///< since the first call of the log
    std::uint32_t group = 0;
    std::uint64_t affinity = 0;
    bool stream = false;
    policy::duration total{};
    std::optional<policy::duration> first_token{};
    std::optional<std::uint32_t> prompt_tokens{};
    std::optional<std::uint32_t> completion_tokens{};
    std::uint64_t request_bytes = 0;
    int attempts = 0;
    std::optional<error_kind> error{};
    std::optional<std::int64_t> nano_usd{};
    std::vector<recorded_attempt> route{};
};

/// What a log holds, in order of time. Names are kept once. Thread safety: none.
class recording {
public:
    /// More of either and `add` refuses: memory and the simulation's look-ups stay bounded.
    static constexpr std::size_t most_calls = 1'000'000;
    static constexpr std::size_t most_lanes = 1'000;

    /// `aliases`: other names of model groups, with the group behind each.
    explicit recording(std::map<std::string, std::string> aliases = {}) : aliases_(std::move(aliases)) {}

    /// Why the call could not be taken; null when it was. Calls that failed by a fault of their own (a bad request, an
    /// unknown model, a prompt too long) say nothing about routing: they are only counted.
    char const* add(logged_call&& from);
    /// After the last `add`: puts the calls in order, leaves out those to groups of which nobody was ever asked, and
    /// fills in the sizes that the log does not tell, by the group's tokens per byte and its median answer.
    void finish();

    std::vector<recorded_call> const& calls() const noexcept { return calls_; }
    std::vector<recorded_lane> const& lanes() const noexcept { return lanes_; }
    std::vector<std::string> const& groups() const noexcept { return groups_; }
    std::size_t left_out() const noexcept { return left_out_; }

    struct source {
        std::string provider;
        std::string upstream_model;
    };
    /// Where a deployment's answers came from; nullptr when no line says it.
    source const* source_of(std::string const& deployment) const noexcept;

private:
    void fill_sizes();
    std::optional<std::uint32_t> lane_of(std::string const& group, std::string const& deployment);
    std::uint32_t group_of(std::string const& name);

    std::map<std::string, std::string> aliases_;
    std::vector<recorded_call> calls_;
    std::vector<recorded_lane> lanes_;
    std::vector<std::string> groups_;
    std::map<std::pair<std::string, std::string>, std::uint32_t> lane_numbers_;
    std::map<std::string, std::uint32_t> group_numbers_;
    std::map<std::string, source> sources_;
    std::size_t left_out_ = 0;
};

} // namespace cogate::cli::replay

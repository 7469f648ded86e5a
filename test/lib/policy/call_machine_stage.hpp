#pragma once

#include "lib/policy/call_machine.hpp"
#include "lib/policy/call_plan.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace cogate::test {

using namespace std::chrono_literals;

/// Groups "a", "b", "c", ... with lanes of their own; deployments are numbered through.
class stage {
public:
    stage(std::vector<int> const& lanes_per_group, router_options const& options) : options_(options)
    {
        std::shared_ptr<policy::strategy const> const how = policy::make_strategy("simple-shuffle", options_);
        char name = 'a';
        for (int const count : lanes_per_group) {
            std::vector<policy::member> members;
            for (int i = 0; i != count; ++i) {
                policy::lane_limits limits;
                limits.provider = "p" + std::to_string(lanes_.size());
                limits.input_cost = 1'000'000'000;
                limits.output_cost = 2'000'000'000;
                limits.max_parallel = options_.admission.fixed > 0
                                          ? std::optional<int>(options_.admission.fixed)
                                          : std::nullopt;
                members.push_back({static_cast<policy::deployment_index>(lanes_.size()), nullptr});
                lanes_.push_back(std::make_unique<policy::lane>(std::move(limits), options_));
                members.back().live = lanes_.back().get();
            }
            groups_.push_back(
                std::make_unique<policy::group>(std::string(1, name++), std::move(members), how, options_));
        }
        hedges_ = std::make_shared<policy::hedge_budget>(options_.hedge);
        plan_ = policy::make_plan(options_, *groups_[0], finder(), hedges_);
    }

    policy::group_finder finder()
    {
        return [this](std::string_view name) -> policy::group* {
            for (auto const& one : groups_) {
                if (one->name() == name) {
                    return one.get();
                }
            }
            return nullptr;
        };
    }

    policy::call_plan& plan() { return plan_; }
    policy::group& at(std::size_t index) { return *groups_[index]; }
    policy::lane& lane(std::size_t index) { return *lanes_[index]; }
    std::size_t lanes() const { return lanes_.size(); }
    router_options const& options() const { return options_; }
    policy::hedge_budget& hedges() { return *hedges_; }
    policy::time_point now{1h};

    /// Teaches every lane its time to first token.
    void warm(policy::duration first_token, int samples = 30)
    {
        for (auto const& one : lanes_) {
            for (int i = 0; i != samples; ++i) {
                policy::request_traits request;
                request.stream = true;
                request.prompt_tokens = 100;
                policy::attempt_outcome outcome;
                outcome.ok = true;
                outcome.prompt_tokens = 100;
                outcome.completion_tokens = 10;
                outcome.first_token = first_token;
                outcome.total = first_token + 100ms;
                BOOST_REQUIRE(one->begin(now, request));
                one->first_token(now, first_token, request);
                one->end(now, outcome, request);
            }
        }
    }

private:
    router_options options_;
    std::vector<std::unique_ptr<policy::lane>> lanes_;
    std::vector<std::unique_ptr<policy::group>> groups_;
    std::shared_ptr<policy::hedge_budget> hedges_;
    policy::call_plan plan_;
};

/// A driver that keeps the contract and holds the machine to its own.
class driven_call {
public:
    using action = policy::call_action;
    using event = policy::call_event;

    explicit driven_call(stage& on, policy::duration time = 600s, std::uint64_t seed = 1, bool pinned = false,
                         policy::request_traits request = {.prompt_tokens = 100, .stream = true})
        : on_(on), request_(request), machine_(on.plan(), request, on.now + time, seed, pinned)
    {}

    std::vector<action> start() { return tell({event::kind::start}); }
    std::vector<action> content(policy::attempt_number attempt)
    {
        return tell({event::kind::content, {}, attempt});
    }
    std::vector<action> timer() { return tell({event::kind::timer}); }
    std::vector<action> room() { return tell({event::kind::room}); }
    std::vector<action> expired() { return tell({event::kind::expired}); }
    std::vector<action> cancelled() { return tell({event::kind::cancelled}); }
    std::vector<action> failed(policy::attempt_number attempt, error_kind why = error_kind::internal_server,
                               std::optional<policy::duration> retry_after = {}, bool unused = false)
    {
        event what{event::kind::failed, {}, attempt, why, is_retryable(why), retry_after};
        what.unused_connection = unused;
        return tell(what);
    }

    std::vector<action> tell(event what)
    {
        what.now = on_.now;
        if (what.what == event::kind::failed && running(what.attempt)) {
            leave(what.attempt, what);
        }
        if (what.what == event::kind::content && running(what.attempt)) {
            content_of_ = what.attempt;
        }
        std::vector<action> actions;
        for (action const& next : machine_.resume(what)) {
            actions.push_back(next);
            obey(next);
        }
        BOOST_REQUIRE(outcomes_ <= 1);
        BOOST_REQUIRE_EQUAL(outcomes_ == 1, machine_.over());
        BOOST_REQUIRE(outcomes_ == 0 || running_.empty());
        BOOST_REQUIRE(machine_.attempts() <= policy::call_machine::max_attempts);
        BOOST_REQUIRE(on_.at(0).budget().balance(on_.now) >= 0);
        return actions;
    }

    policy::call_machine const& machine() const { return machine_; }
    std::vector<policy::attempt_number> under_way() const
    {
        std::vector<policy::attempt_number> numbers;
        for (auto const& [number, deployment] : running_) {
            numbers.push_back(number);
        }
        return numbers;
    }
    policy::time_point timer_at() const { return timer_; }
    bool queued() const { return queued_; }
    int outcomes() const { return outcomes_; }
    int begun() const { return begun_; }
    std::vector<policy::attempt_reason> const& reasons() const { return reasons_; }
    /// Retries that began in the group of this name.
    int retries_in(std::string_view group) const
    {
        return static_cast<int>(std::count(retried_in_.begin(), retried_in_.end(), group));
    }

private:
    bool running(policy::attempt_number number) const
    {
        return std::any_of(running_.begin(), running_.end(),
                           [&](auto const& r) { return r.first == number; });
    }

    void leave(policy::attempt_number number, event const& why)
    {
        auto const place =
            std::find_if(running_.begin(), running_.end(), [&](auto const& r) { return r.first == number; });
        BOOST_REQUIRE(place != running_.end());
        policy::attempt_outcome outcome;
        outcome.cancelled = why.what != event::kind::failed || why.unused_connection;
        outcome.error = why.error;
        outcome.retry_after = why.retry_after;
        on_.lane(place->second).end(on_.now, outcome, request_);
        running_.erase(place);
    }

    void obey(action const& next)
    {
        BOOST_REQUIRE(outcomes_ == 0);
        switch (next.what) {
        case action::kind::begin:
            BOOST_REQUIRE_EQUAL(static_cast<int>(next.attempt), begun_);
            BOOST_REQUIRE(next.deployment < on_.lanes());
            running_.emplace_back(next.attempt, next.deployment);
            reasons_.push_back(next.reason);
            if (next.reason == policy::attempt_reason::retry) {
                retried_in_.push_back(next.in->name());
            }
            ++begun_;
            queued_ = false;
            break;
        case action::kind::cancel: leave(next.attempt, {event::kind::cancelled}); break;
        case action::kind::timer: timer_ = next.when; break;
        case action::kind::queue: queued_ = true; break;
        case action::kind::deliver:
            BOOST_REQUIRE(running(next.attempt));
            BOOST_REQUIRE_EQUAL(static_cast<int>(next.attempt), static_cast<int>(content_of_));
            BOOST_REQUIRE_EQUAL(running_.size(), 1u);
            {
                policy::attempt_outcome good;
                good.ok = true;
                on_.lane(running_[0].second).end(on_.now, good, request_);
            }
            running_.clear();
            ++outcomes_;
            break;
        case action::kind::fail:
            BOOST_REQUIRE(running_.empty());
            ++outcomes_;
            break;
        }
    }

    stage& on_;
    policy::request_traits request_;
    policy::call_machine machine_;
    std::vector<std::pair<policy::attempt_number, policy::deployment_index>> running_;
    policy::time_point timer_ = policy::time_point::max();
    policy::attempt_number content_of_ = 255;
    std::vector<policy::attempt_reason> reasons_;
    std::vector<std::string> retried_in_;
    bool queued_ = false;
    int outcomes_ = 0;
    int begun_ = 0;
};

} // namespace cogate::test

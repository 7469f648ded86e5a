#pragma once

#include "lib/engine/relay_task.hpp"
#include "lib/engine/served_deployment.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace cogate::engine {

/// Where an exchange goes and who speaks there.
struct place {
    served_deployment const& deployment;
    providers::client_dialect const& dialect;
    std::string_view upstream_model;
};

/// Bytes of a body: a larger prompt is not counted while others wait for the loop.
inline constexpr std::size_t most_counted = 64 * 1024;

/// Tokens of a request, counted here.
std::int64_t count_tokens_of(std::string_view model, chat_request const& request);

/// What all relay tasks share: the scanned request, and the express lane.
class express_task : public relay_task {
public:
    express_task(inbound_chat const& inbound, providers::operation what, providers::express_lane const& lane,
                 std::unique_ptr<providers::express_request> request)
        : inbound_(inbound), what_(what), lane_(lane), request_(std::move(request))
    {}

    void name_answers(std::string_view call_id) noexcept override { call_id_ = call_id; }
    providers::operation operation() const noexcept override { return what_; }
    providers::request_facts const& facts() const noexcept override { return request_->facts(); }
    outgoing_facts facts_for_routing() const override { return {.bytes = inbound_.body.size()}; }
    request_terms const& terms() const override
    {
        if (!terms_) {
            terms_ = says_terms() ? read_request_terms(inbound_.body) : request_terms{};
        }
        return *terms_;
    }
    bool may_have(std::string_view member) const noexcept override
    {
        return request_->keys() == nullptr || request_->keys()->may_have(member);
    }
    planned_cost planned() const override
    {
        planned_cost out;
        out.tokens.max_output_tokens = terms().max_output_tokens;
        out.tokens.choices = terms().choices;
        return out;
    }

    result<std::unique_ptr<dispatch>> prepare(served_deployment const& deployment,
                                              std::string_view upstream_model) override;

    providers::express_lane const& lane() const noexcept { return lane_; }
    inbound_chat const& inbound() const noexcept { return inbound_; }
    providers::express_request const& scanned() const noexcept { return *request_; }
    std::string_view call_id() const noexcept { return call_id_; }

protected:
    virtual std::unique_ptr<dispatch> relayed(place const& to);
    bool says_terms() const noexcept
    {
        return std::any_of(request_terms::members.begin(), request_terms::members.end(),
                           [this](std::string_view name) { return may_have(name); });
    }
    /// Fails unless a kind of task can do it.
    virtual result<std::unique_ptr<dispatch>> translated(place const& to);

private:
    inbound_chat inbound_;
    providers::operation what_;
    providers::express_lane const& lane_;
    std::unique_ptr<providers::express_request> request_;
    std::string_view call_id_;
    mutable std::optional<request_terms> terms_;
};

/// A task of one kind, or the 400 that the scan of the body gives.
template <class Task>
result<std::unique_ptr<relay_task>> read_as(inbound_chat const& inbound, providers::operation what,
                                            providers::express_lane const& lane)
{
    result<std::unique_ptr<providers::express_request>> scanned = lane.read(inbound.body, inbound.target);
    if (!scanned) {
        return scanned.error();
    }
    return std::unique_ptr<relay_task>(std::make_unique<Task>(inbound, what, lane, std::move(*scanned)));
}

} // namespace cogate::engine

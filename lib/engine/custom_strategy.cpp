#include "lib/engine/custom_strategy.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cogate::engine {
namespace {

// A group with more lanes shows its first ones; a decision must not allocate.
constexpr std::size_t most_lanes = 128;

class custom_strategy final : public policy::strategy {
public:
    explicit custom_strategy(std::shared_ptr<routing_strategy const> own) noexcept : own_(std::move(own)) {}

    std::string_view name() const noexcept override { return own_->name(); }

    policy::chosen choose(policy::choice const& from) const noexcept override
    {
        std::array<lane_view, most_lanes> views{};
        std::size_t const count = std::min(from.lanes.size(), most_lanes);
        for (std::size_t i = 0; i != count; ++i) {
            policy::lane const& lane = *from.lanes[i];
            policy::lane_limits const& limits = lane.limits();
            views[i] = {.deployment_id = limits.id,
                        .provider = limits.provider,
                        .tags = limits.tags,
                        .weight = limits.weight,
                        .pending = lane.pending(),
                        .predicted_first_token = lane.predicted_first_token(from.request, from.now),
                        .predicted_total = lane.predicted_total(from.request, from.now),
                        .error_rate = lane.error_rate(from.now),
                        .quota_left = lane.quota_left(from.now),
                        .tokens_this_minute = lane.tokens_this_minute(from.now),
                        .requests_this_minute = lane.requests_this_minute(from.now)};
        }
        routed_request const request{.prompt_tokens = from.request.prompt_tokens,
                                     .affinity = from.request.affinity,
                                     .tags = from.request.tags,
                                     .stream = from.request.stream};
        std::size_t const at = own_->choose(std::span(views.data(), count), request, from.random);
        return {.at = std::min(at, count - 1), .score = 0};
    }

private:
    std::shared_ptr<routing_strategy const> own_;
};

} // namespace

std::shared_ptr<policy::strategy const> adapt(std::shared_ptr<routing_strategy const> own)
{
    return std::make_shared<custom_strategy const>(std::move(own));
}

} // namespace cogate::engine

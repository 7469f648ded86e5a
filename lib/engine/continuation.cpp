#include "lib/engine/continuation.hpp"

#include "lib/core/ids.hpp"
#include "lib/policy/continuation.hpp"

#include <cogate/payer.hpp>
#include <cogate/tokens.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace cogate::engine {
namespace {

// Counting holds the loop up.
constexpr std::size_t most_counted = 64 * 1024;

/// Attempts of the second call have numbers of their own: (call id, attempt) is what the ledger goes by.
class later_attempts final : public payer {
public:
    explicit later_attempts(std::shared_ptr<payer> whose) : whose_(std::move(whose)) {}

    result<void> take(attempt_offer const& offer) override
    {
        attempt_offer moved = offer;
        moved.attempt += first_number;
        return whose_->take(moved);
    }

    void pay(attempt_bill const& bill) noexcept override
    {
        attempt_bill moved = bill;
        moved.attempt += first_number;
        whose_->pay(moved);
    }

private:
    static constexpr std::uint32_t first_number = policy::call_machine::max_attempts;

    std::shared_ptr<payer> whose_;
};

bool takes_prefill(served_deployment const& served, std::string_view upstream_model) noexcept
{
    model_facts const* const facts = served.facts(upstream_model);
    return facts != nullptr && facts->can(capability::assistant_prefill);
}

} // namespace

bool continues_after_stall(kernel const& owner)
{
    return owner.current_routes()->router().continue_after_stall;
}

bool continuation::may_begin(failure const& why, said_text const& said, bool repeatable,
                             policy::time_point now) const noexcept
{
    return policy::may_continue({.code = why->code,
                                 .error = why->kind,
                                 .wanted = true,
                                 .plain_text = said.is_plain(),
                                 .repeatable = repeatable,
                                 .continuations = begun_,
                                 .now = now,
                                 .deadline = first_.total_by()});
}

std::int64_t continuation::tokens_of(said_text const& said) const
{
    std::string_view const text = said.text();
    std::string_view const counted = text.substr(0, most_counted);
    std::string const& upstream = first_.deployment().upstream;
    std::string_view const model =
        policy::is_pattern(upstream) ? std::string_view(first_.facts().model_group) : upstream;
    auto const tokens = static_cast<std::int64_t>(count_tokens(encoding_for(model), counted) +
                                                  (text.size() - counted.size()));
    return std::max(tokens, first_.answer().content_pieces());
}

served_deployment const* continuation::successor(said_text const& said, std::size_t prompt_bytes,
                                                 policy::time_point now)
{
    ++begun_;
    served_ = kernel_.current_routes();
    result<routes::way> const way = served_->find(first_.facts().model_group);
    if (!way || way->pinned) {
        return nullptr;
    }
    policy::group& lanes = *way->plan->first;
    std::vector<policy::deployment_index> left_out;
    for (policy::member const& each : lanes.members()) {
        served_deployment const& one = served_->deployment(each.deployment);
        if (one.id == first_.deployment().id ||
            !takes_prefill(one, served_->upstream_model(*way, lanes, one))) {
            left_out.push_back(each.deployment);
        }
    }
    auto const tokens = static_cast<std::uint32_t>((prompt_bytes + said.text().size()) / 4);
    policy::request_traits const traits{
        .prompt_tokens = tokens, .tags = first_.options().tags, .stream = true};
    policy::pick const found = lanes.choose(traits, left_out, false, now, core::random_bits());
    if (found.what != policy::pick::kind::found || !lanes.budget().withdraw(now)) {
        return nullptr;
    }
    return &served_->deployment(found.deployment);
}

call_options continuation::options(policy::time_point now) const
{
    call_options out = first_.options();
    out.call_id = first_.facts().call_id;
    out.routing.reset();
    out.timeout = std::chrono::ceil<std::chrono::milliseconds>(first_.total_by() - now);
    if (out.payer) {
        out.payer = std::make_shared<later_attempts>(std::move(out.payer));
    }
    return out;
}

} // namespace cogate::engine

#include "lib/engine/attempt.hpp"

#include "lib/catalog/cost.hpp"

#include <cogate/payer.hpp>
#include <cogate/tokens.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <utility>

namespace cogate::engine {
namespace {

// Counting more than this would hold the loop up; the rest is taken to be like it.
constexpr std::size_t most_counted = 16 * 1024;

std::chrono::sys_seconds today() noexcept
{
    return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::uint64_t size_of(std::span<std::string_view const> pieces) noexcept
{
    std::uint64_t sum = 0;
    for (std::string_view const piece : pieces) {
        sum += piece.size();
    }
    return sum;
}

} // namespace

result<void> attempt::offer(outgoing const& what)
{
    payer* const pays = scope_->options.payer.get();
    if (pays == nullptr) {
        return {};
    }
    attempt_offer out{.call_id = scope_->facts->call_id,
                      .attempt = static_cast<std::uint32_t>(order_.attempt),
                      .deployment_id = deployment_.id,
                      .provider = deployment_.provider->name,
                      .upstream_model = upstream_model_};
    if (model_facts const* const facts = deployment_.facts(upstream_model_)) {
        planned_cost planned = what.planned();
        planned.other.when = today();
        std::int64_t& bytes = planned.tokens.prompt_bytes;
        if (bytes == 0) {
            bytes = static_cast<std::int64_t>(size_of(dispatch_->request().body) +
                                              dispatch_->request().more_bytes);
        }
        if (facts->max_input_tokens > 0) {
            bytes = std::min(bytes, facts->max_input_tokens); // more of them the provider refuses
        }
        result<money> const bound = catalog::bound_of(*facts, planned.tokens, planned.other);
        if (bound) {
            out.bound = *bound;
        }
        out.is_priced = bound || bound.error()->code == "unknown_bound";
    }
    result<void> const taken = pays->take(out);
    owed_ = taken.has_value();
    not_wanted_ = !owed_;
    return taken;
}

std::optional<money> attempt::cost_of(usage const& used) const
{
    model_facts const* const facts = deployment_.facts(upstream_model_);
    if (facts == nullptr) {
        return {};
    }
    billing_facts billed = dispatch_ ? dispatch_->billed() : billing_facts{};
    billed.when = today();
    result<call_cost> const cost = catalog::cost_of(*facts, used, billed);
    return cost ? std::optional(cost->total) : std::nullopt;
}

// What a provider that reported nothing will have counted: the text of the request, and a token per piece of content.
usage attempt::estimate() const
{
    usage out = dispatch_->used();
    if (out.prompt_tokens == 0 && !scope_->options.payer) {
        out.prompt_tokens = scope_->traits.prompt_tokens;
    } else if (out.prompt_tokens == 0) {
        out.prompt_tokens = dispatch_->count_prompt().value_or(0);
    }
    if (out.prompt_tokens == 0) {
        std::string text;
        for (std::string_view const piece : dispatch_->request().body) {
            text += piece.substr(0, most_counted - std::min(most_counted, text.size()));
        }
        std::uint64_t const all = size_of(dispatch_->request().body);
        std::uint64_t const counted = text.empty() ? 0 : count_tokens(encoding_for(upstream_model_), text);
        out.prompt_tokens = static_cast<std::int64_t>(
            text.size() == all ? counted : counted * all / std::max<std::size_t>(text.size(), 1));
    }
    out.completion_tokens = std::max(out.completion_tokens, dispatch_->content_pieces());
    out.total_tokens = out.prompt_tokens + out.completion_tokens;
    out.reported = true;
    return out;
}

void attempt::settle(failure const* why, usage const& used) noexcept
{
    // a provider may charge what it has read, and what it has said
    bool const unheard = status_ == 0
                             ? cancelled_ && exchange_ != nullptr
                             : status_ / 100 == 2 && dispatch_->ready_when() != dispatch::ready::streaming;
    bool const spent = why == nullptr || first_content_ || unheard;
    attempt_bill out;
    out.attempt = static_cast<std::uint32_t>(order_.attempt);
    out.spent_nothing = !spent || not_wanted_;
    out.cancelled = cancelled_ || (why != nullptr && (*why)->kind == error_kind::cancelled);
    out.truncated = why != nullptr && (*why)->kind == error_kind::truncated;
    out.status = status_;
    try {
        if (!out.spent_nothing) {
            out.tokens = used;
            if (why != nullptr && dispatch_) {
                out.tokens = dispatch_->used();
                // a count from the stream's start (Anthropic's message_start) knows nothing of what came after it
                if (std::int64_t const heard = dispatch_->content_pieces();
                    out.tokens.reported && out.tokens.completion_tokens < heard) {
                    out.tokens.completion_tokens = heard;
                    out.tokens.total_tokens = out.tokens.prompt_tokens + heard;
                    out.estimated = true;
                }
            }
            cost_ = why == nullptr || out.tokens.reported ? cost_of(out.tokens) : std::nullopt;
            // tokens that nobody counted are not tokens that cost nothing
            bool const uncounted = !cost_ || (!out.tokens.reported && *cost_ == money{});
            if (uncounted && dispatch_ && deployment_.facts(upstream_model_) != nullptr &&
                (why != nullptr || dispatch_->content_pieces() != 0)) {
                out.tokens = estimate();
                out.estimated = true;
                cost_ = cost_of(out.tokens);
            }
        }
        out.cost = cost_;
    } catch (std::exception const&) {
        out.cost.reset(); // no memory left: the payer knows its bound
    }
    if (first_content_) {
        out.first_token = *first_content_ - started_;
    }
    if (std::exchange(owed_, false)) {
        scope_->options.payer->pay(out);
    }
}

} // namespace cogate::engine

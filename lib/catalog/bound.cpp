#include <algorithm>
#include <bitset>
#include <cstddef>
#include <initializer_list>
#include <utility>

#include "lib/catalog/cost.hpp"
#include "lib/catalog/itemise.hpp"
#include "lib/catalog/meter.hpp"
#include "lib/catalog/plausible.hpp"

namespace cogate::catalog {
namespace {

/// Sums what is not counted in tokens: those the bound prices itself.
class other_sum final : public charge_sink {
public:
    void on_charge(charge const& each) override
    {
        if (!counts_tokens(each.what)) {
            fits = sum.add(each.quantity, each.per, each.price, each.uplift_millionths) && fits;
        }
    }

    tally sum;
    bool fits = true;
};

/// The dearest price per token, region and fast mode included.
struct dearest {
    unit_price price;
    std::int64_t uplift_millionths = no_uplift;

    void raise(std::optional<chosen_rate> const& found, model_facts const& model, billing_facts const& facts)
    {
        if (!found) {
            return;
        }
        std::int64_t const factor = itemiser::token_uplift(model, facts, found->own_tier);
        wide const now = static_cast<wide>(price.picos()) * uplift_millionths;
        if (static_cast<wide>(found->price.picos()) * factor > now) {
            price = found->price;
            uplift_millionths = factor;
        }
    }
};

struct token_prices {
    dearest input;
    dearest output;
};

/// Which meters a list prices at all: most lists few of those that are asked for.
class priced_meters {
public:
    explicit priced_meters(price_list const& prices) noexcept
    {
        for (rate const& each : prices.rates) {
            has_[static_cast<std::size_t>(each.what)] = true;
        }
    }
    bool has(meter what) const noexcept { return has_[static_cast<std::size_t>(what)]; }

private:
    std::bitset<meter_count> has_;
};

void raise_at(token_prices& top, price_list const& prices, priced_meters const& priced, call_size const& size,
              model_facts const& model, planned_call const& call, billing_facts const& facts)
{
    auto const input = [&](bool may, meter what) {
        if (may && priced.has(what)) {
            top.input.raise(choose_rate(prices, what, size), model, facts);
        }
    };
    auto const output = [&](bool may, meter what) {
        if (may && priced.has(what)) {
            top.output.raise(choose_rate(prices, what, size), model, facts);
        }
    };
    auto const text =
        choose_rate(prices, {meter::input_token, meter::input_image_token, meter::input_audio_token}, size);
    top.input.raise(text, model, facts);
    input(true, meter::cache_read_token);
    input(call.may_write_cache, meter::cache_write_token);
    // without a price of its own it is the input's
    if (call.may_write_cache &&
        (priced.has(meter::cache_write_token) || priced.has(meter::cache_write_1h_token))) {
        top.input.raise(choose_cache_write_1h(prices, size), model, facts);
    }
    input(call.may_read_audio, meter::input_audio_token);
    input(call.may_read_audio, meter::cache_read_audio_token);
    input(call.may_use_images, meter::input_image_token);

    auto const made = choose_rate(
        prices, {meter::output_token, meter::output_image_token, meter::output_audio_token}, size);
    top.output.raise(made, model, facts);
    output(true, meter::reasoning_token);
    output(call.may_write_audio, meter::output_audio_token);
    output(call.may_use_images, meter::output_image_token);
    output(call.may_use_images, meter::output_video_token);
}

token_prices dearest_prices(price_list const& prices, model_facts const& model, planned_call const& call,
                            billing_facts const& facts)
{
    token_prices top;
    priced_meters const priced(prices);
    call_size size{facts.tier, call.prompt_bytes, facts.results};
    raise_at(top, prices, priced, size, model, call, facts);
    // A shorter prompt may fall into another tier, and not every tier is dearer than the one below.
    for (rate const& each : prices.rates) {
        if (each.above < call.prompt_bytes) {
            size.prompt_tokens = each.above;
            raise_at(top, prices, priced, size, model, call, facts);
            size.prompt_tokens = each.above + 1;
            raise_at(top, prices, priced, size, model, call, facts);
        }
    }
    return top;
}

/// The dearer of what is charged beside tokens when the provider counts them and when it counts none.
result<tally> other_charges(model_facts const& model, price_list const& prices, usage const& tokens,
                            billing_facts const& facts)
{
    other_sum counted;
    if (std::optional<failure> bad = itemiser(model, prices, tokens, facts, counted).run()) {
        return *std::move(bad);
    }
    other_sum uncounted;
    bool const possible = !itemiser(model, prices, usage{}, facts, uncounted).run();
    if (!counted.fits || !uncounted.fits) {
        return out_of_range();
    }
    return possible && counted.sum < uncounted.sum ? uncounted.sum : counted.sum;
}

/// Whether the answer is made of tokens that are charged.
bool answers(model_facts const& model, price_list const& prices) noexcept
{
    return model.mode != "embedding" && model.mode != "rerank" && prices_tokens(prices);
}

std::int64_t ceiling_of(model_facts const& price) noexcept
{
    return price.max_output_tokens > 0 ? price.max_output_tokens : price.max_input_tokens;
}

} // namespace

result<money> bound_of(model_facts const& price, planned_call const& call, billing_facts const& facts)
{
    price_list const* const prices = price.prices_at(facts.when);
    if (prices == nullptr || prices->rates.empty()) {
        return no_price(price);
    }
    usage tokens;
    tokens.prompt_tokens = call.prompt_bytes;
    std::int64_t const each =
        call.max_output_tokens.value_or(answers(price, *prices) ? ceiling_of(price) : 0);
    if (each == 0 && !call.max_output_tokens && answers(price, *prices)) {
        return failure(error_kind::invalid_request, "neither the call nor the model limits the output of " +
                                                        price.provider + "/" + price.model)
            .with_code("unknown_bound");
    }
    if (!plausible(call.choices) || !plausible(each) ||
        __builtin_mul_overflow(each, call.choices, &tokens.completion_tokens)) {
        return bad_usage("the planned output is negative or too large to be true");
    }
    if (std::optional<failure> bad = check_counts(tokens, facts)) {
        return *std::move(bad);
    }
    result<tally> sum = other_charges(price, *prices, tokens, facts);
    if (!sum) {
        return sum.error();
    }
    token_prices const top = dearest_prices(*prices, price, call, facts);
    bool const fits = sum->add(tokens.prompt_tokens, 1, top.input.price, top.input.uplift_millionths) &&
                      sum->add(tokens.completion_tokens, 1, top.output.price, top.output.uplift_millionths) &&
                      sum->add(facts.citation_tokens, 1, top.output.price, top.output.uplift_millionths);
    std::optional<money> const bound = fits ? sum->rounded_up() : std::nullopt;
    if (!bound) {
        return out_of_range();
    }
    return *bound;
}

result<money> bound_of(model_facts const& price, std::int64_t prompt_bytes, std::int64_t max_output_tokens)
{
    planned_call call;
    call.prompt_bytes = prompt_bytes;
    call.max_output_tokens = max_output_tokens;
    return bound_of(price, call);
}

result<std::int64_t> output_within(model_facts const& price, planned_call call, money budget,
                                   billing_facts const& facts)
{
    std::int64_t fits = 0;
    std::int64_t most = call.max_output_tokens.value_or(ceiling_of(price));
    call.max_output_tokens = most;
    result<money> const whole = bound_of(price, call, facts);
    if (!whole) {
        return whole.error();
    }
    if (*whole <= budget) {
        return most;
    }
    while (fits < most) {
        std::int64_t const middle = fits + (most - fits + 1) / 2;
        call.max_output_tokens = middle;
        result<money> const bound = bound_of(price, call, facts);
        if (!bound) {
            return bound.error();
        }
        if (*bound <= budget) {
            fits = middle;
        } else {
            most = middle - 1;
        }
    }
    return fits;
}

} // namespace cogate::catalog

#include "lib/catalog/cost.hpp"

#include <optional>
#include <utility>

#include "lib/catalog/itemise.hpp"
#include "lib/catalog/plausible.hpp"

namespace cogate::catalog {
namespace {

class part_sums final : public charge_sink {
public:
    void on_charge(charge const& each) override
    {
        fits_ = total_.add(each.quantity, each.per, each.price, each.uplift_millionths) &&
                part_of(each.what).add(each.quantity, each.per, each.price, each.uplift_millionths) && fits_;
    }

    std::optional<call_cost> rounded() const
    {
        auto const total = total_.rounded();
        auto const prompt = prompt_.rounded();
        auto const completion = completion_.rounded();
        auto const other = other_.rounded();
        if (!fits_ || !total || !prompt || !completion || !other) {
            return std::nullopt;
        }
        return call_cost{*total, *prompt, *completion, *other};
    }

private:
    tally& part_of(meter what) noexcept
    {
        switch (what) {
        case meter::input_token:
        case meter::cache_read_token:
        case meter::cache_write_token:
        case meter::cache_write_1h_token:
        case meter::input_audio_token:
        case meter::cache_read_audio_token:
        case meter::cache_write_audio_token:
        case meter::input_image_token:
        case meter::computer_use_input_token: return prompt_;
        case meter::output_token:
        case meter::reasoning_token:
        case meter::output_audio_token:
        case meter::output_image_token:
        case meter::output_video_token:
        case meter::computer_use_output_token: return completion_;
        default: return other_;
        }
    }

    tally total_;
    tally prompt_;
    tally completion_;
    tally other_;
    bool fits_ = true;
};

class line_list final : public charge_sink {
public:
    void on_charge(charge const& each) override
    {
        tally alone;
        bool const fits = alone.add(each.quantity, each.per, each.price, each.uplift_millionths);
        std::optional<money> const amount = fits ? alone.rounded() : std::nullopt;
        fits_ = fits_ && amount.has_value();
        lines_.push_back(
            {each.what, each.quantity, each.price, each.uplift_millionths, amount.value_or(money())});
    }

    std::vector<cost_line> lines_;
    bool fits_ = true;
};

std::optional<failure> charge_all(model_facts const& price, usage const& tokens, billing_facts const& facts,
                                  charge_sink& sink)
{
    if (std::optional<failure> bad = check_counts(tokens, facts)) {
        return bad;
    }
    price_list const* const prices = price.prices_at(facts.when);
    if (prices == nullptr) {
        return no_price(price);
    }
    return itemiser(price, *prices, tokens, facts, sink).run();
}

} // namespace

result<call_cost> cost_of(model_facts const& price, usage const& tokens, billing_facts const& facts)
{
    part_sums sums;
    if (std::optional<failure> bad = charge_all(price, tokens, facts, sums)) {
        return *std::move(bad);
    }
    std::optional<call_cost> const cost = sums.rounded();
    if (!cost) {
        return out_of_range();
    }
    return *cost;
}

result<std::vector<cost_line>> bill_of(model_facts const& price, usage const& tokens,
                                       billing_facts const& facts)
{
    line_list list;
    if (std::optional<failure> bad = charge_all(price, tokens, facts, list)) {
        return *std::move(bad);
    }
    if (!list.fits_) {
        return out_of_range();
    }
    return std::move(list.lines_);
}

} // namespace cogate::catalog

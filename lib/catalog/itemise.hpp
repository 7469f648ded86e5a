#pragma once
/// What of a call is charged at which price: the one place that knows, behind cost, bill and bound.
/// One thread at a time per object.

#include <cogate/prices.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "lib/catalog/rates.hpp"
#include "lib/catalog/tally.hpp"

namespace cogate::catalog {

/// One charged quantity; `per` is 1000 for milliseconds of a per-second price, else 1.
struct charge {
    meter what = meter::input_token;
    std::int64_t quantity = 0;
    std::int64_t per = 1;
    unit_price price;
    std::int64_t uplift_millionths = no_uplift;
};

class charge_sink {
public:
    virtual void on_charge(charge const& each) = 0;

protected:
    ~charge_sink() = default;
};

class itemiser {
public:
    itemiser(model_facts const& model, price_list const& prices, usage const& tokens,
             billing_facts const& facts, charge_sink& sink) noexcept;

    /// Tells the sink every charge. The first meter that was used but has no price makes it a failure.
    std::optional<failure> run();

    /// The factor on tokens for this call's region, and for its fast mode where that has no price of its own.
    static std::int64_t token_uplift(model_facts const& model, billing_facts const& facts,
                                     bool own_tier) noexcept;

private:
    void charge_tokens();
    void charge_prompt();
    void charge_completion();
    void charge_images();
    void charge_seconds();
    void charge_characters();
    void charge_pieces();
    void charge_searches();

    bool images_charged_each() const noexcept;
    bool completion_is_image() const noexcept;
    std::optional<chosen_rate> video_second() const noexcept;

    void take(std::int64_t quantity, std::initializer_list<meter> meters);
    void take(std::int64_t quantity, meter wanted, std::optional<chosen_rate> const& found);
    void take_if_priced(std::int64_t quantity, std::optional<chosen_rate> const& found, meter wanted);
    // Without a price it is a fault only when nothing else was charged: then it came with what was.
    void take_or_covered(std::int64_t quantity, std::optional<chosen_rate> const& found, meter wanted);
    void missing(meter what) noexcept;

    model_facts const& model_;
    price_list const& prices_;
    usage const& tokens_;
    billing_facts const& facts_;
    charge_sink& sink_;
    call_size size_;
    bool has_tokens_ = false;
    bool by_tokens_ = false; // tokens are counted and have a price above zero
    bool anything_ = false;
    std::optional<meter> missing_;
};

} // namespace cogate::catalog

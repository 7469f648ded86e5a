#include "lib/catalog/itemise.hpp"

#include <algorithm>
#include <string>

#include "lib/catalog/meter.hpp"

namespace cogate::catalog {
namespace {

constexpr std::int64_t not_negative(std::int64_t n) noexcept
{
    return std::max<std::int64_t>(0, n);
}

bool makes_images(std::string_view mode) noexcept
{
    return mode == "image_generation" || mode == "image_edit";
}

failure charging_failure(model_facts const& model, std::string_view code, std::string what)
{
    return failure(error_kind::invalid_request, std::move(what) + " of " + model.provider + "/" + model.model)
        .with_code(std::string(code));
}

std::int64_t factor(model_facts const& model, std::string_view name) noexcept
{
    for (uplift const& each : model.uplifts) {
        if (each.name == name) {
            return each.millionths;
        }
    }
    return no_uplift;
}

} // namespace

itemiser::itemiser(model_facts const& model, price_list const& prices, usage const& tokens,
                   billing_facts const& facts, charge_sink& sink) noexcept
    : model_(model),
      prices_(prices),
      tokens_(tokens),
      facts_(facts),
      sink_(sink),
      size_{facts.tier, tokens.prompt_tokens, facts.results},
      has_tokens_(tokens.prompt_tokens > 0 || tokens.completion_tokens > 0),
      by_tokens_(has_tokens_ && charges_tokens(prices))
{}

std::optional<failure> itemiser::run()
{
    if (prices_.rates.empty()) {
        return charging_failure(model_, "unknown_price", "no price is known");
    }
    if (has_tokens_ && prices_tokens(prices_)) {
        charge_tokens();
    }
    charge_images();
    charge_seconds();
    charge_characters();
    charge_pieces();
    charge_searches();
    if (missing_) {
        return charging_failure(model_, "unknown_price",
                                "no price is known for " + std::string(to_string(*missing_)));
    }
    if (!anything_ && has_tokens_) {
        return charging_failure(model_, "unknown_price", "no token price is known");
    }
    if (!anything_ && !prices_tokens(prices_)) {
        return charging_failure(model_, "usage_missing", "nothing was counted that makes the price");
    }
    return std::nullopt;
}

std::int64_t itemiser::token_uplift(model_facts const& model, billing_facts const& facts,
                                    bool own_tier) noexcept
{
    std::int64_t const regional = facts.region.empty() ? no_uplift : factor(model, facts.region);
    std::int64_t const fast =
        facts.tier == service_tier::fast && !own_tier ? factor(model, "fast") : no_uplift;
    // Both are bounded when they are read, so the product fits.
    return regional * fast / no_uplift;
}

void itemiser::charge_tokens()
{
    charge_prompt();
    charge_completion();
    take(facts_.citation_tokens, {meter::citation_token, meter::input_token});
}

void itemiser::charge_prompt()
{
    std::int64_t const all = tokens_.prompt_tokens;
    std::int64_t const written = std::max(tokens_.cache_write_tokens, tokens_.cache_write_1h_tokens);
    std::int64_t audio = tokens_.prompt_audio_tokens;
    std::int64_t cached = tokens_.cached_tokens;
    std::int64_t const image = tokens_.prompt_image_tokens;
    // Parts that add up to more than the whole overlap: that much of the audio came from the cache.
    std::int64_t const overlap = not_negative(cached + written + audio + image - all);
    std::int64_t const cached_audio = std::min({overlap, cached, audio});
    audio -= cached_audio;
    cached -= cached_audio;

    take(not_negative(all - cached - cached_audio - written - audio - image),
         {meter::input_token, meter::input_image_token, meter::input_audio_token});
    take(cached, {meter::cache_read_token, meter::input_token});
    take(cached_audio, {meter::cache_read_audio_token, meter::cache_read_token, meter::input_audio_token,
                        meter::input_token});
    take(written - tokens_.cache_write_1h_tokens, {meter::cache_write_token, meter::input_token});
    take(tokens_.cache_write_1h_tokens, meter::cache_write_1h_token, choose_cache_write_1h(prices_, size_));
    take(audio, {meter::input_audio_token, meter::input_token});
    take(image, {meter::input_image_token, meter::input_token});
}

bool itemiser::images_charged_each() const noexcept
{
    return facts_.images_out > 0 && tokens_.completion_image_tokens == 0 &&
           choose_rate(prices_, meter::output_image, size_).has_value();
}

bool itemiser::completion_is_image() const noexcept
{
    return makes_images(model_.mode) && tokens_.completion_image_tokens == 0;
}

void itemiser::charge_completion()
{
    std::int64_t const video = facts_.video_tokens_out;
    std::int64_t const split =
        tokens_.reasoning_tokens + tokens_.completion_audio_tokens + tokens_.completion_image_tokens + video;
    std::int64_t const text = not_negative(tokens_.completion_tokens - split);
    if (completion_is_image()) {
        // The provider did not say which tokens are the image's. Charged each, they are paid already.
        if (!images_charged_each()) {
            take(text, {meter::output_image_token, meter::output_token});
        }
    } else {
        take(text, {meter::output_token, meter::output_image_token, meter::output_audio_token});
    }
    take(tokens_.reasoning_tokens, {meter::reasoning_token, meter::output_token, meter::output_image_token});
    take(tokens_.completion_audio_tokens, {meter::output_audio_token, meter::output_token});
    take(tokens_.completion_image_tokens, {meter::output_image_token, meter::output_token});
    take(video, {meter::output_video_token, meter::output_token});
}

void itemiser::charge_images()
{
    if (tokens_.prompt_image_tokens == 0) {
        take_if_priced(facts_.images_in, choose_rate(prices_, meter::input_image, size_), meter::input_image);
    }
    if (images_charged_each()) {
        take(facts_.images_out, {meter::output_image});
        return;
    }
    if (facts_.images_out == 0 || tokens_.completion_tokens > 0) {
        return;
    }
    if (auto const pixel = choose_rate(prices_, meter::output_pixel, size_); pixel && facts_.pixels_out > 0) {
        take(facts_.pixels_out, meter::output_pixel, pixel);
    } else {
        missing(meter::output_image);
    }
}

void itemiser::charge_seconds()
{
    bool const hears = model_.mode == "audio_transcription";
    if (!by_tokens_ || model_.mode == "embedding") {
        auto price = choose_rate(prices_, {meter::input_second, meter::input_audio_second}, size_);
        // A transcription's seconds stand on either side of a price list, or on both for the same price.
        auto const other = hears ? choose_rate(prices_, meter::output_second, size_) : std::nullopt;
        if (other && (!price || price->price < other->price)) {
            price = other;
        }
        take_or_covered(facts_.input_ms, price, meter::input_second);
        take_or_covered(facts_.video_input_ms, video_second(), meter::input_video_second);
    }
    if (!by_tokens_ && !hears) {
        auto price =
            facts_.output_1080p ? choose_rate(prices_, meter::output_second_1080p, size_) : std::nullopt;
        if (!price) {
            price = choose_rate(prices_, {meter::output_second, meter::output_video_second}, size_);
        }
        if (facts_.characters_in >
            0) { // a spoken text is charged by its characters where there is such a price
            take_if_priced(facts_.output_ms, price, meter::output_second);
        } else {
            take_or_covered(facts_.output_ms, price, meter::output_second);
        }
    }
}

std::optional<chosen_rate> itemiser::video_second() const noexcept
{
    if (facts_.video_input_ms > 15'000) {
        return choose_rate(prices_,
                           {meter::input_video_second_over_15s, meter::input_video_second_over_8s,
                            meter::input_video_second},
                           size_);
    }
    if (facts_.video_input_ms > 8'000) {
        return choose_rate(prices_, {meter::input_video_second_over_8s, meter::input_video_second}, size_);
    }
    return choose_rate(prices_, meter::input_video_second, size_);
}

void itemiser::charge_characters()
{
    if (!by_tokens_) {
        take_or_covered(facts_.characters_in, choose_rate(prices_, meter::input_character, size_),
                        meter::input_character);
        take_or_covered(facts_.characters_out, choose_rate(prices_, meter::output_character, size_),
                        meter::output_character);
    }
}

void itemiser::charge_pieces()
{
    take_if_priced(facts_.requests, choose_rate(prices_, meter::request, size_), meter::request);
    take_or_covered(facts_.queries, choose_rate(prices_, meter::query, size_), meter::query);
    take(facts_.pages, {meter::page});
    take(facts_.annotated_pages, {meter::annotation_page, meter::page});
    take(facts_.credits, {meter::credit});
    take(facts_.file_searches, {meter::file_search_call});
    take(facts_.sessions, {meter::session});
}

void itemiser::charge_searches()
{
    std::int64_t const searches =
        model_.one_search_per_prompt ? std::min<std::int64_t>(1, facts_.web_searches) : facts_.web_searches;
    switch (facts_.search_size) {
    case search_context::low: take(searches, {meter::search_low, meter::search_medium}); break;
    case search_context::medium: take(searches, {meter::search_medium, meter::search_high}); break;
    case search_context::high: take(searches, {meter::search_high}); break;
    }
}

void itemiser::take(std::int64_t quantity, std::initializer_list<meter> meters)
{
    if (quantity > 0) {
        take(quantity, *meters.begin(), choose_rate(prices_, meters, size_));
    }
}

void itemiser::take_if_priced(std::int64_t quantity, std::optional<chosen_rate> const& found, meter wanted)
{
    if (found) {
        take(quantity, wanted, found);
    }
}

void itemiser::take_or_covered(std::int64_t quantity, std::optional<chosen_rate> const& found, meter wanted)
{
    if (found || !anything_) {
        take(quantity, wanted, found);
    }
}

void itemiser::take(std::int64_t quantity, meter wanted, std::optional<chosen_rate> const& found)
{
    if (quantity <= 0) {
        return;
    }
    if (!found) {
        missing(wanted);
        return;
    }
    anything_ = true;
    charge each{wanted, quantity, counts_seconds(found->what) ? 1000 : 1, found->price, no_uplift};
    if (counts_tokens(found->what)) {
        each.uplift_millionths = token_uplift(model_, facts_, found->own_tier);
    }
    sink_.on_charge(each);
}

void itemiser::missing(meter what) noexcept
{
    if (!missing_) {
        missing_ = what;
    }
}

} // namespace cogate::catalog

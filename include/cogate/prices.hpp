#pragma once

#include <cogate/money.hpp>
#include <cogate/result.hpp>
#include <cogate/usage.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What models cost and can do, and the exact cost of a call.
///
/// Money is integer throughout: prices in pico-dollars per unit, amounts in nano-dollars, one rounding (half to
/// even) per amount. Everything here is a plain value or a pure function: safe from any thread, borrows nothing.
namespace cogate {

/// What is counted and charged. Tokens of a call are split into disjoint parts, one meter each.
enum class meter : std::uint8_t {
    input_token,
    output_token,
    cache_read_token,
    cache_write_token,    ///< kept for five minutes
    cache_write_1h_token, ///< kept for one hour
    reasoning_token,
    input_audio_token,
    output_audio_token,
    cache_read_audio_token,
    cache_write_audio_token,
    input_image_token,
    output_image_token,
    output_video_token,
    citation_token,
    computer_use_input_token,
    computer_use_output_token,
    input_image,
    output_image,
    input_pixel,
    output_pixel,
    input_second, ///< seconds are counted in milliseconds and priced per second
    output_second,
    output_second_1080p,
    input_audio_second,
    input_video_second,
    input_video_second_over_8s, ///< of a video longer than 8 s
    input_video_second_over_15s,
    output_video_second,
    input_character,
    output_character,
    query, ///< a search unit of a rerank, or a search
    request,
    page,
    annotation_page,
    credit,
    search_low, ///< a web search with a small search context
    search_medium,
    search_high,
    file_search_call,
    session,             ///< of a code interpreter
    file_search_gb_day,  ///< listed for information; no call is charged for it
    vector_store_gb_day, ///< listed for information; no call is charged for it
};

/// How many meters there are.
inline constexpr std::size_t meter_count = static_cast<std::size_t>(meter::vector_store_gb_day) + 1;

/// Stable short name: "input_token", "cache_write_1h_token", ...
std::string_view to_string(meter what) noexcept;

/// How urgently a call is served. `fast` is Anthropic's fast mode.
enum class service_tier : std::uint8_t { standard, batch, flex, priority, fast };

/// "standard", "batch", "flex", "priority", "fast".
std::string_view to_string(service_tier tier) noexcept;

/// One price of a price list.
struct rate {
    meter what = meter::input_token;            ///< what it is the price of
    service_tier tier = service_tier::standard; ///< for calls of this tier
    /// Holds for calls with MORE prompt tokens (`query`: more results asked for) than this.
    std::int64_t above = 0;
    unit_price price; ///< of one unit
    friend bool operator==(rate const&, rate const&) = default;
};

/// A price list that holds from `since` on, until the next one of its model.
struct price_list {
    std::chrono::sys_seconds since{std::chrono::sys_seconds::min()}; ///< UTC; min: since ever
    std::vector<rate> rates; ///< in no order; at most one per (what, tier, above)
    friend bool operator==(price_list const&, price_list const&) = default;
};

/// A factor on the token prices: "eu" and "us" for processing in that region, "fast" for the fast mode where it
/// has no price list of its own.
struct uplift {
    std::string name;                    ///< of a region, or "fast"
    std::int64_t millionths = 1'000'000; ///< 1.1 is 1,100,000
    friend bool operator==(uplift const&, uplift const&) = default;
};

/// Bits of `model_facts::capabilities`.
enum class capability : std::uint32_t {
    tools = 1U << 0,
    parallel_tools = 1U << 1,
    vision = 1U << 2,
    reasoning = 1U << 3,
    json_schema = 1U << 4,
    prompt_cache = 1U << 5,
    pdf_input = 1U << 6,
    web_search = 1U << 7,
    audio_input = 1U << 8,
    audio_output = 1U << 9,
    video_input = 1U << 10,
    image_output = 1U << 11,
    computer_use = 1U << 12,
    tool_choice = 1U << 13,
    system_messages = 1U << 14,
    assistant_prefill = 1U << 15,
};

/// Everything known about one model at one provider. A number that is not known is 0, a text empty.
struct model_facts {
    std::string provider; ///< LiteLLM's name: "openai", "vertex_ai", "bedrock", ...
    std::string model;    ///< the provider's own name of it
    std::string mode;     ///< "chat", "embedding", "image_generation", "audio_transcription", ... as LiteLLM
    std::int64_t max_input_tokens = 0;   ///< the context window
    std::int64_t max_output_tokens = 0;  ///< tokens of one answer
    std::int64_t output_vector_size = 0; ///< floats of one embedding
    std::uint32_t capabilities = 0;      ///< `capability` bits
    std::string deprecation;             ///< "2026-03-26", "deprecated", "beta", or empty
    bool one_search_per_prompt = false;  ///< any number of web searches of a call is charged as one
    std::vector<price_list> price_lists; ///< oldest first; no list, or an empty one: the price is not known
    std::vector<uplift> uplifts;         ///< at most one of a name

    /// Whether the model has this capability.
    bool can(capability what) const noexcept
    {
        return (capabilities & static_cast<std::uint32_t>(what)) != 0;
    }

    /// The list that holds at `when`; null when none does.
    price_list const* prices_at(std::chrono::sys_seconds when) const noexcept;

    friend bool operator==(model_facts const&, model_facts const&) = default;
};

/// How much of what a web search found is given to the model.
enum class search_context : std::uint8_t { low, medium, high };

/// What a call used beside the tokens of its `usage`. Counts are never negative.
struct billing_facts {
    service_tier tier = service_tier::standard; ///< chooses among the prices of a list
    std::string_view region{}; ///< where it was processed: "eu", "us"; empty when it does not matter
    /// Chooses the price list. Left alone it is "now" for the functions of this header, which ask the clock, and
    /// the newest list, be it of a day to come, for `catalog::cost_of`, which does not.
    std::chrono::sys_seconds when{std::chrono::sys_seconds::max()};
    std::int64_t images_in = 0;       ///< images sent, where the provider charges them each
    std::int64_t images_out = 0;      ///< images made
    std::int64_t pixels_out = 0;      ///< width x height, summed over the images made
    std::int64_t input_ms = 0;        ///< length of the audio sent
    std::int64_t video_input_ms = 0;  ///< length of the video sent
    std::int64_t output_ms = 0;       ///< length of the audio or video made
    bool output_1080p = false;        ///< the video made is of 1080 lines
    std::int64_t characters_in = 0;   ///< of a text to be spoken
    std::int64_t characters_out = 0;  ///< of a text that was made
    std::int64_t queries = 0;         ///< rerank's search units, or searches of a search model
    std::int64_t results = 0;         ///< results asked for per search
    std::int64_t requests = 1;        ///< upstream exchanges
    std::int64_t pages = 0;           ///< of a document that was read
    std::int64_t annotated_pages = 0; ///< pages read with annotations
    std::int64_t credits = 0;         ///< what some providers bill by
    std::int64_t web_searches = 0;    ///< made by the provider on the model's behalf
    search_context search_size = search_context::medium; ///< of those searches
    std::int64_t file_searches = 0;                      ///< calls of the provider's file search
    std::int64_t sessions = 0;                           ///< of a code interpreter
    std::int64_t citation_tokens = 0;                    ///< of a search model
    std::int64_t video_tokens_out = 0;                   ///< part of the completion tokens
};

/// What a call cost. `total` is rounded once from the exact sum; so is each part, hence the parts may miss the
/// total by a nano-dollar or two.
struct call_cost {
    money total;      ///< the amount to charge
    money prompt;     ///< tokens that were read
    money completion; ///< tokens that were made
    money other;      ///< images, seconds, characters, searches, ...
    friend bool operator==(call_cost const&, call_cost const&) = default;
};

/// One line of a bill.
struct cost_line {
    meter what = meter::input_token;            ///< what was counted
    std::int64_t quantity = 0;                  ///< units; milliseconds where the price is per second
    unit_price price;                           ///< of one unit, before the uplift
    std::int64_t uplift_millionths = 1'000'000; ///< factor on the price; 1.1 is 1,100,000
    money amount;                               ///< rounded for itself
    friend bool operator==(cost_line const&, cost_line const&) = default;
};

/// The built-in table's facts about a model: "gpt-4o", "anthropic/claude-sonnet-4-5", "bedrock/us.anthropic...".
/// `not_found` with code "unknown_model" when there is none.
result<model_facts> model_info(std::string_view name);

/// What the tokens of a call cost.
struct token_cost {
    money prompt;     ///< tokens that were read
    money completion; ///< tokens that were made
    friend bool operator==(token_cost const&, token_cost const&) = default;
};

/// LiteLLM's `cost_per_token`, from the built-in table. Errors as `completion_cost`.
result<token_cost> cost_per_token(std::string_view model, std::int64_t prompt_tokens,
                                  std::int64_t completion_tokens, billing_facts const& facts = {});

/// LiteLLM's `completion_cost`, from the built-in table. Errors: "unknown_model"; "unknown_price" when something
/// that was used has no known price (never 0 instead); "usage_missing"; "bad_usage" for negative or absurd counts.
result<money> completion_cost(std::string_view model, usage const& tokens, billing_facts const& facts = {});

} // namespace cogate

#pragma once
/// The exact cost of a call and the most that a call may cost. Pure, safe from any thread; nothing is allocated
/// but for `bill_of` and errors.
///
/// How a call is charged:
/// - Tokens are split into disjoint parts (text, cached, written to the cache, audio, image, reasoning), each
///   charged once. A part without a price of its own has its parent's.
/// - A context tier re-prices the whole call, chosen by all prompt tokens.
/// - Ways of charging the same thing never add up: where tokens are charged, seconds and characters are not
///   (embeddings excepted, which count text only as tokens); images are charged by their tokens where these are
///   counted, else each, else by pixels; seconds of a transcription once, not as input and output.
/// - A factor for region or fast mode applies to tokens only.
/// - The sum is exact (128 bits) and rounded once, half to even, to nano-dollars.
///
/// Errors: invalid_request with code "unknown_price" when something that was used has no known price, with code
/// "usage_missing" when nothing was counted that the model is charged by, with code "bad_usage" for counts below
/// zero or above 2^40 and for sums out of range.

#include <cogate/prices.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace cogate::catalog {

result<call_cost> cost_of(model_facts const& price, usage const& tokens, billing_facts const& facts = {});

/// The lines behind `cost_of`, in the order of charging.
result<std::vector<cost_line>> bill_of(model_facts const& price, usage const& tokens,
                                       billing_facts const& facts = {});

/// What is known of a call before it is sent.
struct planned_call {
    std::int64_t prompt_bytes = 0; ///< of all text, plus 16 per message: a token has at least one byte
    std::optional<std::int64_t> max_output_tokens{}; ///< per choice; the model's ceiling when absent
    std::int64_t choices = 1;
    bool may_read_audio = true; ///< false when the request surely has none of these
    bool may_write_audio = true;
    bool may_use_images = true;
    bool may_write_cache = true;
};

/// An upper bound of `cost_of`, without counting tokens: every prompt byte is a token of the dearest kind the
/// call may use, in the dearest context tier it may reach; every output token likewise. `facts` holds what is
/// certain from the request (images asked for, characters, ...).
/// Errors as `cost_of`, and "unknown_bound" when neither the call nor the model limits its output.
result<money> bound_of(model_facts const& price, planned_call const& call, billing_facts const& facts = {});
result<money> bound_of(model_facts const& price, std::int64_t prompt_bytes, std::int64_t max_output_tokens);

/// The most output tokens per choice with which `bound_of` stays within `budget`; 0 when not even one does.
/// Errors as `bound_of`.
result<std::int64_t> output_within(model_facts const& price, planned_call call, money budget,
                                   billing_facts const& facts = {});

} // namespace cogate::catalog

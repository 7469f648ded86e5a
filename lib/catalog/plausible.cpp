#include "lib/catalog/plausible.hpp"

#include <algorithm>
#include <array>

namespace cogate::catalog {

std::optional<failure> check_counts(usage const& tokens, billing_facts const& facts)
{
    std::array const counts = {
        tokens.prompt_tokens,
        tokens.completion_tokens,
        tokens.cached_tokens,
        tokens.cache_write_tokens,
        tokens.cache_write_1h_tokens,
        tokens.prompt_audio_tokens,
        tokens.prompt_image_tokens,
        tokens.reasoning_tokens,
        tokens.completion_audio_tokens,
        facts.images_in,
        tokens.completion_image_tokens,
        facts.images_out,
        facts.pixels_out,
        facts.input_ms,
        facts.video_input_ms,
        facts.output_ms,
        facts.characters_in,
        facts.characters_out,
        facts.queries,
        facts.results,
        facts.requests,
        facts.pages,
        facts.annotated_pages,
        facts.credits,
        facts.web_searches,
        facts.file_searches,
        facts.sessions,
        facts.citation_tokens,
        facts.video_tokens_out,
    };
    if (std::all_of(counts.begin(), counts.end(), plausible)) {
        return std::nullopt;
    }
    return bad_usage("a count of the call is negative or too large to be true");
}

failure bad_usage(char const* message)
{
    return failure(error_kind::invalid_request, message).with_code("bad_usage");
}

failure out_of_range()
{
    return bad_usage("the cost of the call is out of range");
}

failure no_price(model_facts const& model)
{
    return failure(error_kind::invalid_request,
                   "no price is known of " + model.provider + "/" + model.model + " at the time of the call")
        .with_code("unknown_price");
}

} // namespace cogate::catalog

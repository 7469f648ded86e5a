#include "lib/engine/usage_sum.hpp"

namespace cogate::engine {

void add_usage(usage& sum, usage const& more) noexcept
{
    for (auto const count :
         {&usage::prompt_tokens, &usage::completion_tokens, &usage::total_tokens, &usage::cached_tokens,
          &usage::cache_write_tokens, &usage::cache_write_1h_tokens, &usage::prompt_audio_tokens,
          &usage::prompt_image_tokens, &usage::reasoning_tokens, &usage::completion_audio_tokens,
          &usage::completion_image_tokens, &usage::accepted_prediction_tokens,
          &usage::rejected_prediction_tokens}) {
        sum.*count += more.*count;
    }
    sum.reported = sum.reported || more.reported;
}

} // namespace cogate::engine

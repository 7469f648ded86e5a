#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace cogate::cli::replay {

/// One good answer. Seconds and tokens.
struct sample {
    std::size_t bucket = 0; ///< the stretch of time that it began in
    double prompt = 0;
    double completion = 0;
    double first_token = 0; ///< 0: not known, the answer was not streamed
    double total = 0;
};

/// What answers of one lane take: first token after (base + per_prompt_token * prompt) * the bucket's factor * luck.
struct speed {
    double base = 0;
    double per_prompt_token = 0;
    double inter_token = 0;
    double spread = 0;           ///< sigma of the log-normal luck
    double slow_share = 0;       ///< of the answers: later than three times the usual ...
    double slow_factor = 1;      ///< ... and then by this
    std::vector<double> factors; ///< by bucket; 1 where too little is known
};

/// The line y = first + second * x through the medians of bins of equal count (at most sixteen); neither is negative. A
/// few outliers do not move it. {0, 0} without points.
std::pair<double, double> fit_line(std::vector<std::pair<double, double>> points);

/// Fits the speed of a lane; deterministic. Without samples: a first token after 300 ms and 10 ms a token.
speed fit_speed(std::vector<sample> const& samples, std::size_t buckets);

} // namespace cogate::cli::replay

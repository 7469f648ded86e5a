#pragma once

#include <cogate/raw_json.hpp>
#include <cogate/usage.hpp>

#include <string>
#include <vector>

namespace cogate {

/// Texts or images to be judged (OpenAI's moderation API).
///
/// Plain value: borrows nothing, thread-safe as one. Errors of the call: as gateway::moderation.
struct moderation_request {
    std::string model{};  ///< may be empty: the provider's default
    raw_json input;       ///< a JSON string, an array of strings, or an array of text and image parts
    extra_fields extra{}; ///< members that cogate has no name for, sent as they are
    friend bool operator==(moderation_request const&, moderation_request const&) = default;
};

/// The judgement of one input.
struct moderation_result {
    bool flagged = false;       ///< some category applies
    raw_json categories{};      ///< object of booleans
    raw_json category_scores{}; ///< object of numbers 0..1
    extra_fields extra{};       ///< members that cogate has no name for
    friend bool operator==(moderation_result const&, moderation_result const&) = default;
};

/// The judgements of a request's inputs. Plain value: borrows nothing.
struct moderation_response {
    std::string id;                         ///< the provider's id of the answer
    std::string model;                      ///< as the provider names it
    std::vector<moderation_result> results; ///< in the order of the input
    cogate::usage usage{};                  ///< tokens, where the provider counts them
    extra_fields extra{};                   ///< members that cogate has no name for
    friend bool operator==(moderation_response const&, moderation_response const&) = default;
};

} // namespace cogate

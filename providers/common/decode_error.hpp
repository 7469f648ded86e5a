#pragma once
/// From a provider's error answer to a failure, for every dialect: a dialect brings a table of its own words.

#include <cogate/error.hpp>

#include "lib/core/json/document.hpp"
#include "lib/wire/header.hpp"
#include "providers/common/error_classes.hpp"

#include <chrono>
#include <span>
#include <string_view>

namespace cogate::providers {

/// The envelopes of providers.md 29.4. False when this is none of them.
bool read_envelope(json::value root, reported_error& out);

/// The failure of a provider's report: OpenAI's code and type where they fit, texts cut to a bearable length.
failure make_failure(reported_error&& reported, error_kind kind);

/// The payload of an event that reports an error in a stream, whatever it is.
failure error_event(std::string_view data, std::span<error_rule const> rules = {});

/// What a non-2xx answer means. `body` may be anything; `now` judges an HTTP-date in Retry-After; `rules` come
/// before what is known of all providers.
failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now, std::span<error_rule const> rules = {});

/// The same for a dialect that read the body itself.
failure decode_error(int status, std::span<wire::header const> headers, reported_error&& reported,
                     std::chrono::system_clock::time_point now, std::span<error_rule const> rules = {});

} // namespace cogate::providers

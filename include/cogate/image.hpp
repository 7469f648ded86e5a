#pragma once

#include <cogate/message.hpp>
#include <cogate/raw_json.hpp>
#include <cogate/usage.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cogate {

/// A file given with a request: its bytes as they are, or where the provider can fetch it.
struct media_file {
    std::string name;       ///< file name as sent
    std::string media_type; ///< "image/png"; may be empty
    std::string bytes;      ///< the file itself; empty with `url`
    std::string url{};      ///< set instead of `bytes`; providers that fetch nothing refuse it
    friend bool operator==(media_file const&, media_file const&) = default;
};

/// Images to be made from a text, or (with `images`) edited after it.
///
/// Plain value: borrows nothing, thread-safe as one. `size` is in pixels, "WIDTHxHEIGHT". Files are held whole in memory.
/// Errors of the call: as gateway::image_generation; what the provider lacks is invalid_request and named.
struct image_request {
    std::string model;                ///< "provider/model" or a model group
    std::string prompt;               ///< what to show, or what to change
    std::optional<std::int64_t> n{};  ///< how many; absent: one
    std::string size{};               ///< "1024x1024", "auto"; empty = absent, as all texts below
    std::string quality{};            ///< "low", "high", "hd", ... as the model knows them
    std::string style{};              ///< "vivid", "natural"
    std::string background{};         ///< "transparent", "opaque", "auto"
    std::string response_format{};    ///< "url", "b64_json"
    std::string output_format{};      ///< "png", "jpeg", "webp"
    std::string user{};               ///< the caller's end user
    std::vector<media_file> images{}; ///< an edit: what to change
    std::optional<media_file> mask{}; ///< an edit: transparent where the change goes
    extra_fields extra{};             ///< members that cogate has no name for, sent as they are
    friend bool operator==(image_request const&, image_request const&) = default;
};

/// One image of an answer.
struct generated_image {
    std::string url{};            ///< one of url and data is set
    std::string data{};           ///< base64, standard alphabet
    std::string media_type{};     ///< of `data` where it is known
    std::string revised_prompt{}; ///< the prompt that was really used; empty: the request's
    extra_fields extra{};         ///< members that cogate has no name for
    friend bool operator==(generated_image const&, generated_image const&) = default;
};

/// Images as the provider made them. Plain value: borrows nothing.
struct image_response {
    std::int64_t created = 0;          ///< seconds since the epoch, UTC
    std::vector<generated_image> data; ///< in the provider's order
    cogate::usage usage{};             ///< tokens, where the provider counts them
    extra_fields extra{};              ///< members that cogate has no name for
    friend bool operator==(image_response const&, image_response const&) = default;
};

} // namespace cogate

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
    std::string bytes;
    std::string url{}; ///< set instead of `bytes`; providers that fetch nothing refuse it
    friend bool operator==(media_file const&, media_file const&) = default;
};

/// Images to be made from a text, or (with `images`) edited after it.
///
/// Plain value: borrows nothing, thread-safe as one. `size` is in pixels, "WIDTHxHEIGHT". Files are held whole in memory.
/// Errors of the call: as gateway::image_generation; what the provider lacks is invalid_request and named.
struct image_request {
    std::string model;
    std::string prompt;
    std::optional<std::int64_t> n{};
    std::string size{}; ///< "1024x1024", "auto"; empty = absent, as all texts below
    std::string quality{};
    std::string style{};
    std::string background{};
    std::string response_format{}; ///< "url", "b64_json"
    std::string output_format{};   ///< "png", "jpeg", "webp"
    std::string user{};
    std::vector<media_file> images{}; ///< an edit: what to change
    std::optional<media_file> mask{}; ///< an edit: transparent where the change goes
    extra_fields extra{};
    friend bool operator==(image_request const&, image_request const&) = default;
};

struct generated_image {
    std::string url{};        ///< one of url and data is set
    std::string data{};       ///< base64, standard alphabet
    std::string media_type{}; ///< of `data` where it is known
    std::string revised_prompt{};
    extra_fields extra{};
    friend bool operator==(generated_image const&, generated_image const&) = default;
};

struct image_response {
    std::int64_t created = 0; ///< seconds since the epoch, UTC
    std::vector<generated_image> data;
    cogate::usage usage{};
    extra_fields extra{};
    friend bool operator==(image_response const&, image_response const&) = default;
};

} // namespace cogate

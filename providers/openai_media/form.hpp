#pragma once
/// A client's form, read whole.

#include <cogate/image.hpp>
#include <cogate/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::providers::openai_media {

struct form {
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<std::pair<std::string, media_file>> files;

    /// Takes the field out; empty when it is not there.
    std::string take(std::string_view name);
};

/// The 400 says what is wrong with the form, or that it is none. A field that comes twice is refused, but for
/// lists ("name[]").
result<form> read_form(std::string_view content_type, std::string_view body);

/// The 400 for a wish that only a relayed answer can fulfil.
failure no_stream(std::string_view field);

/// A whole number as a form says it; the 400 names the field. Empty: nothing.
result<std::optional<std::int64_t>> read_integer(std::string_view name, std::string_view text);

} // namespace cogate::providers::openai_media

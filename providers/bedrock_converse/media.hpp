#pragma once
/// Converse's names of media formats.

#include <cogate/message.hpp>

#include <string>
#include <string_view>

namespace cogate::providers::bedrock_converse {

/// "png", "jpeg", "gif" or "webp", from the media type, else the first bytes, else the name; empty: none of
/// them.
std::string_view image_format(media_source const& source) noexcept;

/// "mp3", "wav", ...; empty: none of Converse's.
std::string_view audio_format(media_source const& source, std::string_view named) noexcept;

struct media_kind {
    std::string_view block;  ///< "document", "image", "video", "audio"
    std::string_view format; ///< empty: none of Converse's
};

media_kind media_of(media_source const& source, std::string_view filename) noexcept;

/// A document's name in the letters that Converse takes, without its extension; "document" when none is left.
std::string document_name(std::string_view filename);

} // namespace cogate::providers::bedrock_converse

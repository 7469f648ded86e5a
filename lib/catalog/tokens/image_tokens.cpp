#include "lib/catalog/tokens/image_tokens.hpp"

#include "lib/core/text.hpp"

#include <algorithm>
#include <string>

namespace cogate::catalog {

namespace {

constexpr std::size_t base_tokens = 85;
constexpr image_size unknown_size{300, 300};
constexpr std::uint32_t longest_short_side = 768;
constexpr std::uint32_t longest_long_side = 2000;
constexpr std::uint32_t tile_side = 512;

/// Base64 text that is decoded to find the size: the head of a JPEG may stand behind a preview picture.
constexpr std::size_t searched_text = std::size_t{512} * 1024;

std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t size)
{
    std::uint32_t value = 0;
    for (std::size_t i = size; i != 0; --i) {
        value = value << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return value;
}

std::uint32_t big(std::string_view bytes, std::size_t at, std::size_t size)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i != size; ++i) {
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

std::optional<image_size> size_of_jpeg(std::string_view bytes)
{
    std::size_t at = 2;
    while (at + 9 <= bytes.size()) {
        if (bytes[at] != '\xFF') {
            return std::nullopt;
        }
        auto const kind = static_cast<unsigned char>(bytes[at + 1]);
        if (kind == 0xFF) {
            ++at;
            continue;
        }
        // Start of frame, of whatever coding; the three between them are tables.
        if (kind >= 0xC0 && kind <= 0xCF && kind != 0xC4 && kind != 0xC8 && kind != 0xCC) {
            return image_size{big(bytes, at + 7, 2), big(bytes, at + 5, 2)};
        }
        at += 2 + big(bytes, at + 2, 2);
    }
    return std::nullopt;
}

std::optional<image_size> size_of_webp(std::string_view bytes)
{
    std::string_view const kind = bytes.substr(12, 4);
    if (kind == "VP8X") {
        return image_size{little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1};
    }
    if (kind == "VP8 ") {
        return image_size{little(bytes, 26, 2) & 0x3FFF, little(bytes, 28, 2) & 0x3FFF};
    }
    if (kind == "VP8L") {
        std::uint32_t const bits = little(bytes, 21, 4);
        return image_size{(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
    }
    return std::nullopt;
}

/// As LiteLLM rounds: each side is cut to a whole pixel.
image_size fitted(image_size size)
{
    if (size.width <= longest_short_side && size.height <= longest_short_side) {
        return size;
    }
    double const ratio = static_cast<double>(std::max(size.width, size.height)) /
                         static_cast<double>(std::min(size.width, size.height));
    std::uint32_t shorter = longest_short_side;
    double const longer = longest_short_side * ratio;
    std::uint32_t long_side = longest_long_side;
    if (longer < longest_long_side + 1) {
        long_side = static_cast<std::uint32_t>(longer);
    } else {
        shorter = static_cast<std::uint32_t>(longest_long_side / ratio);
    }
    return size.width <= size.height ? image_size{shorter, long_side} : image_size{long_side, shorter};
}

} // namespace

std::optional<image_size> size_of_image(std::string_view bytes) noexcept
{
    std::optional<image_size> found;
    if (bytes.starts_with("\x89PNG\r\n\x1A\n") && bytes.size() >= 24) {
        found = image_size{big(bytes, 16, 4), big(bytes, 20, 4)};
    } else if (bytes.starts_with("GIF8") && bytes.size() >= 10) {
        found = image_size{little(bytes, 6, 2), little(bytes, 8, 2)};
    } else if (bytes.starts_with("\xFF\xD8\xFF")) {
        found = size_of_jpeg(bytes);
    } else if (bytes.starts_with("RIFF") && bytes.size() >= 30 && bytes.substr(8, 4) == "WEBP") {
        found = size_of_webp(bytes);
    }
    bool const sound = found && found->width != 0 && found->height != 0;
    return sound ? found : std::nullopt;
}

std::size_t high_detail_tokens(image_size size) noexcept
{
    image_size const shown = fitted(size);
    std::size_t const across = (shown.width + tile_side - 1) / tile_side;
    std::size_t const down = (shown.height + tile_side - 1) / tile_side;
    return base_tokens + 2 * base_tokens * across * down;
}

std::size_t image_tokens(image_part const& part)
{
    if (part.detail != "high") {
        return base_tokens;
    }
    std::string_view text = part.source.data;
    if (text.empty() && part.source.url.starts_with("data:")) {
        std::size_t const comma = part.source.url.find(',');
        text = comma == std::string::npos ? text : std::string_view(part.source.url).substr(comma + 1);
    }
    std::optional<std::string> const bytes = core::base64_decode(text.substr(0, searched_text));
    std::optional<image_size> const size = bytes ? size_of_image(*bytes) : std::nullopt;
    return high_detail_tokens(size.value_or(unknown_size));
}

} // namespace cogate::catalog

#pragma once
/// What an image in a prompt is counted as. Pure functions, safe from any thread.

#include <cogate/message.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cogate::catalog {

/// In pixels.
struct image_size {
    std::uint32_t width;
    std::uint32_t height;
    friend bool operator==(image_size const&, image_size const&) = default;
};

/// The size that the head of a PNG, GIF, JPEG or WebP file gives; nothing for another or broken file. `bytes`
/// may be a beginning of the file.
std::optional<image_size> size_of_image(std::string_view bytes) noexcept;

/// 85 + 170 for each tile of 512 x 512 after fitting the image into 768 x 2000 (LiteLLM's token_counter.py,
/// after OpenAI's pricing page).
std::size_t high_detail_tokens(image_size size) noexcept;

/// By the part's detail, its size read from its own bytes.
std::size_t image_tokens(image_part const& part);

} // namespace cogate::catalog

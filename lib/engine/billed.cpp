#include "lib/engine/billed.hpp"

#include "lib/core/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace cogate::engine {
namespace {

// OpenAI's and Cohere's sizes: "1024x1536". Others ("auto", "2K") count each image.
std::int64_t pixels_of(std::string_view size) noexcept
{
    std::size_t const cross = size.find('x');
    if (cross == std::string_view::npos) {
        return 0;
    }
    auto const width = core::parse_int<std::int64_t>(size.substr(0, cross));
    auto const height = core::parse_int<std::int64_t>(size.substr(cross + 1));
    constexpr std::int64_t most = 1 << 16;
    return width && height && *width > 0 && *height > 0 && *width <= most && *height <= most
               ? *width * *height
               : 0;
}

billing_facts images(image_request const& request, std::int64_t made)
{
    billing_facts out;
    out.images_in = static_cast<std::int64_t>(request.images.size());
    out.images_out = made;
    out.pixels_out = made * pixels_of(request.size);
    return out;
}

// Letters, as people count them: a code point each.
std::int64_t characters(std::string_view text) noexcept
{
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

} // namespace

billing_facts planned_for(embedding_request const&)
{
    return {};
}

billing_facts planned_for(image_request const& request)
{
    return images(request, std::clamp<std::int64_t>(request.n.value_or(1), 1, 1024));
}

billing_facts planned_for(transcription_request const&)
{
    return {};
}

billing_facts planned_for(speech_request const& request)
{
    billing_facts out;
    out.characters_in = characters(request.input);
    return out;
}

// Cohere's unit: a query over up to 100 documents.
billing_facts planned_for(rerank_request const& request)
{
    billing_facts out;
    out.queries = std::max<std::int64_t>((static_cast<std::int64_t>(request.documents.size()) + 99) / 100, 1);
    return out;
}

billing_facts planned_for(moderation_request const&)
{
    return {};
}

billing_facts billed_for(embedding_request const& request, embedding_response const&)
{
    return planned_for(request);
}

billing_facts billed_for(image_request const& request, image_response const& answer)
{
    return images(request, static_cast<std::int64_t>(answer.data.size()));
}

billing_facts billed_for(transcription_request const&, transcription_response const& answer)
{
    billing_facts out;
    constexpr double longest = 1e7;
    if (answer.duration && *answer.duration > 0 && *answer.duration < longest) {
        out.input_ms = std::llround(*answer.duration * 1000);
    }
    return out;
}

billing_facts billed_for(rerank_request const& request, rerank_response const& answer)
{
    billing_facts out = planned_for(request);
    out.queries = answer.search_units.value_or(out.queries);
    return out;
}

billing_facts billed_for(moderation_request const& request, moderation_response const&)
{
    return planned_for(request);
}

} // namespace cogate::engine

#include "providers/vertex/dialect.hpp"

#include "providers/vertex/embeddings.hpp"
#include "providers/vertex/flavour.hpp"

namespace cogate::providers::vertex {

client_dialect const& gemini_client() noexcept
{
    static const std::unique_ptr<image_codec> images = gemini::make_images(google_flavour);
    static const std::unique_ptr<client_dialect> half =
        gemini::make_client(google_flavour, client_embeddings(), *images);
    return *half;
}

} // namespace cogate::providers::vertex

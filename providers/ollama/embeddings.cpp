#include "providers/ollama/codec.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/encode_texts.hpp"

#include <array>

namespace cogate::providers::ollama {

namespace {

constexpr std::array<std::string_view, 4> known = {"model", "embeddings", "embedding", "prompt_eval_count"};

class codec_half final : public embedding_codec {
public:
    result<encoded_request> encode(embedding_request const& request,
                                   call_context const& context) const override
    {
        return encode_texts(request, context.model, {"/api/embed", "input"}, [&](json::writer& out) {
            if (request.dimensions) {
                out.member("dimensions", *request.dimensions);
            }
        });
    }

    result<embedding_response> decode(whole_answer const& answer, embedding_request const& request,
                                      call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = open_json(doc, answer.body, in_band_error);
        if (!opened) {
            return opened.error();
        }
        const json::value root = *opened;
        embedding_response out;
        out.model = root["model"].is_string() ? root["model"].string() : std::string(context.model);
        // /api/embeddings, the older one, has one vector and no list.
        embedding single;
        if (root["embedding"].is_array() && read_vector(root["embedding"], single.values)) {
            out.data.push_back(std::move(single));
        } else {
            result<std::vector<embedding>> data = read_vectors(root["embeddings"], request);
            if (!data) {
                return data.error();
            }
            out.data = *std::move(data);
        }
        out.usage = read_usage(root);
        keep_unknown(root, known, out.extra);
        return out;
    }
};

} // namespace

embedding_codec const& embeddings() noexcept
{
    static const codec_half half;
    return half;
}

} // namespace cogate::providers::ollama

#include "providers/ollama/codec.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/lacks.hpp"
#include "providers/common/vectors.hpp"

#include <array>

namespace cogate::providers::ollama {

namespace {

constexpr std::array<std::string_view, 4> known = {"model", "embeddings", "embedding", "prompt_eval_count"};

class codec_half final : public embedding_codec {
public:
    result<encoded_request> encode(embedding_request const& request,
                                   call_context const& context) const override
    {
        const result<std::vector<std::string> const*> texts = texts_of(request);
        if (!texts) {
            return texts.error();
        }
        encoded_request encoded{.path = "/api/embed", .body = {}};
        json::writer out(encoded.body);
        raw_writer to(out);
        out.begin_object().member("model", context.model).key("input").begin_array();
        for (std::string const& text : **texts) {
            out.value(text);
        }
        out.end_array();
        if (request.dimensions) {
            out.member("dimensions", *request.dimensions);
        }
        to.extra(request.extra);
        out.end_object();
        if (!to.good()) {
            return to.error();
        }
        return without_repeats(std::move(encoded), request.extra);
    }

    result<embedding_response> decode(whole_answer const& answer, embedding_request const& request,
                                      call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = open_json(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        const json::value root = *opened;
        if (std::optional<failure> why = in_band_error(root)) {
            return *std::move(why);
        }
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

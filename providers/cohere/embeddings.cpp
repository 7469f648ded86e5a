#include "providers/cohere/codec.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/encode_texts.hpp"

#include <array>

namespace cogate::providers::cohere {

namespace {

constexpr std::size_t most_texts = 96;
constexpr std::array<std::string_view, 6> known = {"id",     "embeddings", "texts",
                                                   "images", "meta",       "response_type"};

/// The vectors of the first type that there is, floats first; v1 answers have a bare list.
json::value vectors_in(json::value embeddings)
{
    for (std::string_view const type : {"float", "base64", "int8", "uint8", "binary", "ubinary"}) {
        if (embeddings[type].is_array()) {
            return embeddings[type];
        }
    }
    return embeddings;
}

class codec_half final : public embedding_codec {
public:
    result<encoded_request> encode(embedding_request const& request,
                                   call_context const& context) const override
    {
        return encode_texts(request, context.model, {"/v2/embed", "texts"}, [&](json::writer& out) {
            if (request.extra.find("input_type") == nullptr) {
                out.member("input_type", "search_document");
            }
            if (request.extra.find("embedding_types") == nullptr) {
                out.key("embedding_types").begin_array().value("float").end_array();
            }
            if (request.dimensions) {
                out.member("output_dimension", *request.dimensions);
            }
        });
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
        result<std::vector<embedding>> data = read_vectors(vectors_in(root["embeddings"]), request);
        if (!data) {
            return data.error();
        }
        embedding_response out;
        out.model = context.model;
        out.data = *std::move(data);
        out.usage = read_usage(root["meta"]);
        keep_unknown(root, known, out.extra);
        return out;
    }

    std::size_t max_inputs(call_context const&) const noexcept override { return most_texts; }
};

} // namespace

embedding_codec const& embeddings() noexcept
{
    static const codec_half half;
    return half;
}

} // namespace cogate::providers::cohere

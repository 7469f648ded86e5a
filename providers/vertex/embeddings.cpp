#include "providers/vertex/embeddings.hpp"

#include "providers/common/vectors.hpp"
#include "providers/gemini/codec.hpp"
#include "providers/gemini/embeddings.hpp"
#include "providers/gemini/token_usage.hpp"
#include "providers/vertex/flavour.hpp"

namespace cogate::providers::vertex {

namespace {

bool by_embed_content(std::string_view model) noexcept
{
    return model.substr(model.rfind('/') + 1).starts_with("gemini-embedding-2");
}

void write_instances(raw_writer& to, embedding_request const& request, std::vector<std::string> const& texts)
{
    json::writer& out = to.out();
    out.key("instances").begin_array();
    for (std::string const& text : texts) {
        out.begin_object().member("content", text);
        gemini::write_embedding_extra(to, request, true);
        out.end_object();
    }
    out.end_array();
    raw_json const* truncate = request.extra.find("autoTruncate");
    truncate = truncate == nullptr ? request.extra.find("auto_truncate") : truncate;
    if (request.dimensions || truncate != nullptr) {
        out.key("parameters").begin_object();
        if (request.dimensions) {
            out.member("outputDimensionality", *request.dimensions);
        }
        if (truncate != nullptr) {
            to.member("autoTruncate", *truncate);
        }
        out.end_object();
    }
}

result<void> write_content(raw_writer& to, embedding_request const& request,
                           std::vector<std::string> const& texts)
{
    if (texts.size() != 1) {
        return failure(error_kind::invalid_request, "this model embeds one text at a time")
            .with_param("input");
    }
    json::writer& out = to.out();
    out.key("content").begin_object().key("parts").begin_array();
    out.begin_object().member("text", texts.front()).end_object().end_array().end_object();
    gemini::write_embedding_extra(to, request, false);
    if (request.dimensions) {
        out.member("outputDimensionality", *request.dimensions);
    }
    return {};
}

result<embedding_response> decode_predictions(json::value root, embedding_request const& request,
                                              embedding_response out)
{
    const json::value list = root["predictions"];
    if (!list.is_array()) {
        return nonsense("it has no list of predictions");
    }
    for (json::value item : list) {
        const json::value found = item["embeddings"];
        if (const result<void> added = gemini::add_vector(found["values"], out); !added) {
            return added.error();
        }
        if (const auto tokens = found["statistics"]["token_count"].as_int64(); tokens && *tokens > 0) {
            out.usage.reported = true;
            out.usage.prompt_tokens += std::min<std::int64_t>(*tokens, std::int64_t{1} << 32);
        }
    }
    if (const result<void> fits = gemini::check_count(out, request); !fits) {
        return fits.error();
    }
    out.usage.total_tokens = out.usage.prompt_tokens;
    return out;
}

class google_embeddings final : public embedding_codec {
public:
    result<encoded_request> encode(embedding_request const& request,
                                   call_context const& context) const override
    {
        const result<std::vector<std::string> const*> texts = texts_of(request);
        if (!texts) {
            return texts.error();
        }
        const bool content = by_embed_content(context.model);
        encoded_request encoded{
            .path = gemini::model_path(google_flavour, context.model, content ? ":embedContent" : ":predict"),
            .body = {}};
        json::writer out(encoded.body);
        raw_writer to(out);
        out.begin_object();
        if (content) {
            if (const result<void> written = write_content(to, request, **texts); !written) {
                return written.error();
            }
        } else {
            write_instances(to, request, **texts);
        }
        out.end_object();
        if (!to.good()) {
            return to.error();
        }
        return encoded;
    }

    result<embedding_response> decode(whole_answer const& answer, embedding_request const& request,
                                      call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = gemini::open_answer(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        embedding_response out;
        out.model = context.model;
        if (!by_embed_content(context.model)) {
            return decode_predictions(*opened, request, std::move(out));
        }
        out.usage = gemini::read_usage((*opened)["usageMetadata"]);
        if (const result<void> added = gemini::add_vector((*opened)["embedding"]["values"], out); !added) {
            return added.error();
        }
        return out;
    }

    std::size_t max_inputs(call_context const& context) const noexcept override
    {
        const bool one = context.model.substr(context.model.rfind('/') + 1).starts_with("gemini-embedding");
        return one ? 1 : 250;
    }
};

} // namespace

embedding_codec const& client_embeddings() noexcept
{
    static const google_embeddings codec;
    return codec;
}

} // namespace cogate::providers::vertex

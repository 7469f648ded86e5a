#include "providers/bedrock/codec.hpp"

#include "lib/core/text.hpp"
#include "providers/bedrock_converse/codec.hpp"
#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"
#include "providers/common/token_count.hpp"
#include "providers/common/vectors.hpp"
#include "providers/common/write_members.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::bedrock {

namespace {

enum class family { titan, titan_v1, titan_image, cohere, cohere_v4, nova, unknown };

bool has(std::string_view model, std::string_view word) noexcept
{
    return model.find(word) != std::string_view::npos;
}

family family_of(std::string_view model) noexcept
{
    if (has(model, "titan-embed-image")) {
        return family::titan_image;
    }
    if (has(model, "titan-embed-text-v1") || has(model, "titan-embed-g1")) {
        return family::titan_v1;
    }
    if (has(model, "titan-embed")) {
        return family::titan;
    }
    if (has(model, "cohere.embed-v4")) {
        return family::cohere_v4;
    }
    if (has(model, "cohere.embed")) {
        return family::cohere;
    }
    return has(model, "nova") && has(model, "embed") ? family::nova : family::unknown;
}

using texts = std::vector<std::string>;

void write_titan(raw_writer& to, embedding_request const& r, family which, std::string const& text)
{
    json::writer& out = to.out();
    out.member("inputText", text);
    if (r.dimensions && which == family::titan_image) {
        out.key("embeddingConfig").begin_object().member("outputEmbeddingLength", *r.dimensions).end_object();
    } else if (r.dimensions) {
        out.member("dimensions", *r.dimensions);
    }
    to.extra(r.extra);
}

void write_cohere(raw_writer& to, embedding_request const& r, family which, texts const& list)
{
    static constexpr std::array<std::string_view, 3> own = {"input_type", "embedding_types", "input"};
    json::writer& out = to.out();
    write_texts(out, "texts", list);
    // Required here, and OpenAI has no such field: what is stored is embedded more often than what is asked.
    if (raw_json const* type = r.extra.find("input_type")) {
        to.member("input_type", *type);
    } else {
        out.member("input_type", "search_document");
    }
    if (which == family::cohere_v4) {
        out.key("embedding_types").begin_array().value("float").end_array();
    }
    if (r.dimensions) {
        out.member("output_dimension", *r.dimensions);
    }
    to.extra(r.extra, own);
}

void write_nova(raw_writer& to, embedding_request const& r, std::string const& text)
{
    static constexpr std::array<std::string_view, 3> own = {"embeddingPurpose", "truncationMode",
                                                            "schemaVersion"};
    json::writer& out = to.out();
    out.member("taskType", "SINGLE_EMBEDDING").key("singleEmbeddingParams").begin_object();
    if (raw_json const* purpose = r.extra.find("embeddingPurpose")) {
        to.member("embeddingPurpose", *purpose);
    } else {
        out.member("embeddingPurpose", "GENERIC_INDEX");
    }
    if (r.dimensions) {
        out.member("embeddingDimension", *r.dimensions);
    }
    out.key("text").begin_object();
    if (raw_json const* mode = r.extra.find("truncationMode")) {
        to.member("truncationMode", *mode);
    } else {
        out.member("truncationMode", "NONE");
    }
    out.member("value", text).end_object().end_object();
    to.extra(r.extra, own);
}

/// The vectors of an answer, in the order of the texts.
result<std::vector<embedding>> vectors_of(json::value root, family which, embedding_request const& asked)
{
    if (which == family::nova) {
        return read_indexed_vectors(root["embeddings"], asked);
    }
    if (which == family::cohere || which == family::cohere_v4) {
        const json::value list = root["embeddings"];
        return read_vectors(list.is_object() ? list["float"] : list, asked);
    }
    embedding one;
    if (!read_vector(root["embedding"], one.values)) {
        return nonsense("it has no embedding");
    }
    return std::vector<embedding>{std::move(one)};
}

usage tokens_of(json::value root, std::span<wire::header const> headers)
{
    std::optional<std::int64_t> n;
    for (std::string_view const name : {"inputTextTokenCount", "inputTokenCount"}) {
        n = n ? n : root[name].as_int64();
    }
    if (const auto told = wire::find_header(headers, "x-amzn-bedrock-input-token-count"); told && !n) {
        n = core::parse_int<std::int64_t>(core::trim(*told));
    }
    usage out;
    if (n) {
        out.reported = true;
        out.prompt_tokens = std::clamp<std::int64_t>(*n, 0, most_tokens);
        out.total_tokens = out.prompt_tokens;
    }
    return out;
}

class invoke_embeddings final : public embedding_codec {
public:
    result<encoded_request> encode(embedding_request const& r, call_context const& context) const override
    {
        const family which = family_of(context.model);
        const result<texts const*> given = texts_of(r);
        if (!given) {
            return given.error();
        }
        if (which == family::unknown) {
            return failure(error_kind::invalid_request,
                           "not an embedding model of Bedrock that cogate knows: " +
                               std::string(context.model.substr(0, 200)))
                .with_code("unsupported_operation")
                .with_param("model");
        }
        texts const& list = **given;
        if (list.empty() || list.size() > max_inputs(context)) {
            return failure(error_kind::invalid_request,
                           "'input' has no text, or more than the model takes at once")
                .with_code("invalid_value")
                .with_param("input");
        }
        const bool fixed_size = which == family::titan_v1 || which == family::cohere;
        if (r.dimensions && fixed_size) {
            if (std::optional<failure> refused = lacks("dimensions", context)) {
                return *std::move(refused);
            }
        }
        std::optional<embedding_request> without;
        if (r.dimensions && fixed_size) {
            without = r;
            without->dimensions.reset();
        }
        embedding_request const& sent = without ? *without : r;
        encoded_request request{.path = bedrock_converse::model_path(context.model, "invoke"), .body = {}};
        json::writer out(request.body);
        raw_writer to(out);
        out.begin_object();
        if (which == family::cohere || which == family::cohere_v4) {
            write_cohere(to, sent, which, list);
        } else if (which == family::nova) {
            write_nova(to, sent, list.front());
        } else {
            write_titan(to, sent, which, list.front());
        }
        out.end_object();
        if (!to.good()) {
            return to.error();
        }
        return request;
    }

    result<embedding_response> decode(whole_answer const& answer, embedding_request const& r,
                                      call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = open_json(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        const json::value root = *opened;
        result<std::vector<embedding>> vectors = vectors_of(root, family_of(context.model), r);
        if (!vectors) {
            return vectors.error();
        }
        embedding_response out{.model = std::string(bedrock_converse::bare_model(context.model)),
                               .data = *std::move(vectors)};
        out.usage = tokens_of(root, answer.headers);
        return out;
    }

    std::size_t max_inputs(call_context const& context) const noexcept override
    {
        const family which = family_of(context.model);
        return which == family::cohere || which == family::cohere_v4 ? 96 : 1;
    }
};

} // namespace

embedding_codec const& embeddings() noexcept
{
    static const invoke_embeddings codec;
    return codec;
}

} // namespace cogate::providers::bedrock

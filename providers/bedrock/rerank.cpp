#include "providers/bedrock/codec.hpp"

#include "providers/bedrock_converse/codec.hpp"
#include "providers/common/derived.hpp"
#include "providers/common/documents.hpp"
#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"

#include <optional>

namespace cogate::providers::bedrock {

namespace {

constexpr std::size_t most_sources = 1000; // of Rerank's `sources`, says its API reference

/// The text of a document that is a string or has a text; the JSON itself of any other.
std::string text_of(raw_json const& document)
{
    json::document doc;
    json::parse_error error;
    if (!doc.parse(document.text, error)) {
        return document.text;
    }
    const json::value root = doc.root();
    if (root.is_string()) {
        return root.string();
    }
    return root["text"].is_string() ? root["text"].string() : std::string(root.raw());
}

result<void> check(rerank_request const& r, call_context const& context)
{
    if (r.documents.empty()) {
        return failure(error_kind::invalid_request, "'documents' must not be empty")
            .with_code("invalid_value")
            .with_param("documents");
    }
    if (r.max_chunks_per_doc) {
        if (std::optional<failure> refused = lacks("max_chunks_per_doc", context)) {
            return *std::move(refused);
        }
    }
    if (r.max_tokens_per_doc) {
        if (std::optional<failure> refused = lacks("max_tokens_per_doc", context)) {
            return *std::move(refused);
        }
    }
    return {};
}

result<rerank_response> read(whole_answer const& answer, std::string_view score, rerank_request const& r,
                             call_context const& context)
{
    json::document doc;
    const result<json::value> opened = open_json(doc, answer.body);
    if (!opened) {
        return opened.error();
    }
    result<std::vector<rerank_result>> results = read_results((*opened)["results"], score, r);
    if (!results) {
        return results.error();
    }
    rerank_response out{.id = derived_id("rerank-", answer.body),
                        .model = std::string(bedrock_converse::bare_model(context.model)),
                        .results = *std::move(results)};
    // Billed like Cohere's own: a query with up to a hundred documents is one unit.
    out.search_units = static_cast<std::int64_t>((r.documents.size() + 99) / 100);
    return out;
}

class invoke_codec final : public rerank_codec {
public:
    result<encoded_request> encode(rerank_request const& r, call_context const& context) const override
    {
        if (const result<void> fine = check(r, context); !fine) {
            return fine.error();
        }
        encoded_request request{.path = bedrock_converse::model_path(context.model, "invoke"), .body = {}};
        json::writer out(request.body);
        raw_writer to(out);
        out.begin_object().member("query", r.query).key("documents");
        if (const result<void> written = write_texts(out, r); !written) {
            return written.error();
        }
        if (r.top_n) {
            out.member("top_n", *r.top_n);
        }
        if (context.model.find("cohere.") != std::string_view::npos &&
            r.extra.find("api_version") == nullptr) {
            out.member("api_version", 2);
        }
        to.extra(r.extra);
        out.end_object();
        return to.good() ? result<encoded_request>(std::move(request)) : result<encoded_request>(to.error());
    }

    result<rerank_response> decode(whole_answer const& answer, rerank_request const& r,
                                   call_context const& context) const override
    {
        return read(answer, "relevance_score", r, context);
    }
};

class agent_codec final : public rerank_codec {
public:
    result<encoded_request> encode(rerank_request const& r, call_context const& context) const override
    {
        if (const result<void> fine = check(r, context); !fine) {
            return fine.error();
        }
        if (std::optional<failure> refused =
                r.rank_fields.empty() ? std::nullopt : lacks("rank_fields", context)) {
            return *std::move(refused);
        }
        const std::string_view region = context.settings.get("aws_region_name");
        const std::string_view model = bedrock_converse::bare_model(context.model);
        if (!model.starts_with("arn:") && region.empty()) {
            return failure(error_kind::invalid_request,
                           "set aws_region_name, or give the model as an ARN, to rerank with Bedrock")
                .with_param("model");
        }
        encoded_request request{.path = "/rerank", .body = {}};
        json::writer out(request.body);
        raw_writer to(out);
        out.begin_object().key("queries").begin_array().begin_object().member("type", "TEXT");
        out.key("textQuery").begin_object().member("text", r.query).end_object().end_object().end_array();
        write_sources(out, r);
        out.key("rerankingConfiguration").begin_object().member("type", "BEDROCK_RERANKING_MODEL");
        out.key("bedrockRerankingConfiguration").begin_object();
        if (r.top_n) {
            out.member("numberOfResults", *r.top_n);
        }
        out.key("modelConfiguration").begin_object();
        out.member("modelArn", model.starts_with("arn:") ? std::string(model)
                                                         : "arn:aws:bedrock:" + std::string(region) +
                                                               "::foundation-model/" + std::string(model));
        if (!r.extra.empty()) {
            out.key("additionalModelRequestFields").begin_object();
            to.extra(r.extra);
            out.end_object();
        }
        out.end_object().end_object().end_object().end_object();
        return to.good() ? result<encoded_request>(std::move(request)) : result<encoded_request>(to.error());
    }

    result<rerank_response> decode(whole_answer const& answer, rerank_request const& r,
                                   call_context const& context) const override
    {
        return read(answer, "relevanceScore", r, context);
    }

    std::size_t max_inputs(call_context const&) const noexcept override { return most_sources; }

private:
    static void write_sources(json::writer& out, rerank_request const& r)
    {
        out.key("sources").begin_array();
        for (raw_json const& document : r.documents) {
            json::document doc;
            json::parse_error error;
            const bool object =
                doc.parse(document.text, error) && doc.root().is_object() && !doc.root()["text"].is_string();
            out.begin_object().member("type", "INLINE").key("inlineDocumentSource").begin_object();
            if (object) {
                out.member("type", "JSON").raw_member("jsonDocument", doc.root().raw());
            } else {
                out.member("type", "TEXT").key("textDocument").begin_object();
                out.member("text", text_of(document)).end_object();
            }
            out.end_object().end_object();
        }
        out.end_array();
    }
};

} // namespace

rerank_codec const& invoke_rerank() noexcept
{
    static const invoke_codec codec;
    return codec;
}

rerank_codec const& agent_rerank() noexcept
{
    static const agent_codec codec;
    return codec;
}

} // namespace cogate::providers::bedrock

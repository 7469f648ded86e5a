#include "providers/jina/codec.hpp"

#include <cogate/rerank.hpp>

#include "providers/common/bodies.hpp"
#include "providers/common/derived.hpp"
#include "providers/common/documents.hpp"
#include "providers/common/lacks.hpp"

#include <array>

namespace cogate::providers::jina {

namespace {

constexpr std::array<std::string_view, 5> known = {"id", "object", "results", "model", "usage"};

class codec_half final : public rerank_codec {
public:
    result<encoded_request> encode(rerank_request const& request, call_context const& context) const override
    {
        encoded_request encoded{.path = "/rerank", .body = {}};
        json::writer out(encoded.body);
        raw_writer to(out);
        out.begin_object().member("model", context.model).member("query", request.query).key("documents");
        if (const result<void> wrote = write_texts(out, request); !wrote) {
            return wrote.error();
        }
        if (request.top_n) {
            out.member("top_n", *request.top_n);
        }
        if (request.return_documents) {
            out.member("return_documents", *request.return_documents);
        }
        for (auto const& [name, given] : {std::pair{"max_chunks_per_doc", request.max_chunks_per_doc},
                                          std::pair{"max_tokens_per_doc", request.max_tokens_per_doc}}) {
            if (given) {
                if (std::optional<failure> why = lacks(name, context)) {
                    return *std::move(why);
                }
            }
        }
        to.extra(request.extra);
        out.end_object();
        if (!to.good()) {
            return to.error();
        }
        return without_repeats(std::move(encoded), request.extra);
    }

    result<rerank_response> decode(whole_answer const& answer, rerank_request const& request,
                                   call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = open_json(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        const json::value root = *opened;
        result<std::vector<rerank_result>> results =
            read_results(root["results"], "relevance_score", request);
        if (!results) {
            return results.error();
        }
        rerank_response out{.id = root["id"].string(), .model = root["model"].string(), .results = {}};
        if (out.id.empty()) {
            out.id = derived_id("rerank-", answer.body);
        }
        if (out.model.empty()) {
            out.model = context.model;
        }
        out.results = *std::move(results);
        out.usage = read_usage(root["usage"]);
        keep_unknown(root, known, out.extra);
        return out;
    }
};

} // namespace

rerank_codec const& rerank() noexcept
{
    static const codec_half half;
    return half;
}

} // namespace cogate::providers::jina

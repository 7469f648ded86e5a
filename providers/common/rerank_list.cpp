#include "providers/common/rerank_list.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/derived.hpp"
#include "providers/common/documents.hpp"
#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"

#include <array>
#include <utility>

namespace cogate::providers {

result<encoded_request> encode_rerank(rerank_request const& request, call_context const& context,
                                      rerank_shape const& shape)
{
    encoded_request encoded{.path = std::string(shape.path), .body = {}};
    json::writer out(encoded.body);
    raw_writer to(out);
    out.begin_object();
    if (shape.model) {
        out.member("model", context.model);
    }
    out.member("query", request.query).key(shape.documents);
    if (const result<void> wrote = write_texts(out, request); !wrote) {
        return wrote.error();
    }
    if (request.top_n && !shape.limit.empty()) {
        out.member(shape.limit, *request.top_n);
    }
    if (request.return_documents && shape.return_documents) {
        out.member("return_documents", *request.return_documents);
    }
    if (request.max_tokens_per_doc && shape.max_tokens_per_doc) {
        out.member("max_tokens_per_doc", *request.max_tokens_per_doc);
    }
    for (auto const& [name, given] :
         {std::pair{"max_chunks_per_doc", request.max_chunks_per_doc.has_value()},
          std::pair{"max_tokens_per_doc", request.max_tokens_per_doc && !shape.max_tokens_per_doc}}) {
        if (given) {
            if (std::optional<failure> why = lacks(name, context)) {
                return *std::move(why);
            }
        }
    }
    return close_request(to, std::move(encoded), request.extra);
}

result<encoded_request> rerank_list::encode(rerank_request const& request, call_context const& context) const
{
    return encode_rerank(request, context, {.limit = names_.limit, .return_documents = true});
}

result<rerank_response> rerank_list::decode(whole_answer const& answer, rerank_request const& request,
                                            call_context const& context) const
{
    json::document doc;
    const result<json::value> opened = open_json(doc, answer.body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    result<std::vector<rerank_result>> results =
        read_results(root[names_.results], "relevance_score", request);
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
    out.usage = names_.read_usage(root["usage"]);
    const std::array<std::string_view, 5> known = {"id", "object", names_.results, "model", "usage"};
    keep_unknown(root, known, out.extra);
    return out;
}

} // namespace cogate::providers

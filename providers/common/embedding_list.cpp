#include "providers/common/embedding_list.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/encode_texts.hpp"
#include "providers/common/fields.hpp"

#include <array>
#include <utility>

namespace cogate::providers {

namespace {

constexpr std::array<std::string_view, 4> known = {"object", "data", "model", "usage"};

} // namespace

result<encoded_request> embedding_list::encode(embedding_request const& request,
                                               call_context const& context) const
{
    return encode_texts(request, context.model, {"/embeddings", "input"}, [&](json::writer& out) {
        if (request.dimensions) {
            out.member(names_.dimensions, *request.dimensions);
        }
        if (request.encoding_format == "base64" && names_.may_ask_base64(request.extra)) {
            out.member(names_.base64, "base64");
        }
    });
}

result<embedding_response> embedding_list::decode(whole_answer const& answer,
                                                  embedding_request const& request,
                                                  call_context const& context) const
{
    json::document doc;
    const result<json::value> opened = open_json(doc, answer.body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    result<std::vector<embedding>> data = read_indexed_vectors(root["data"], request);
    if (!data) {
        return data.error();
    }
    embedding_response out;
    out.model = root["model"].is_string() ? root["model"].string() : std::string(context.model);
    out.data = *std::move(data);
    out.usage = names_.read_usage(root["usage"]);
    keep_unknown(root, known, out.extra);
    return out;
}

} // namespace cogate::providers

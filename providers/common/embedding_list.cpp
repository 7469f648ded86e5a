#include "providers/common/embedding_list.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"
#include "providers/common/vectors.hpp"

#include <array>
#include <utility>

namespace cogate::providers {

namespace {

constexpr std::array<std::string_view, 4> known = {"object", "data", "model", "usage"};

} // namespace

result<encoded_request> embedding_list::encode(embedding_request const& request,
                                               call_context const& context) const
{
    const result<std::vector<std::string> const*> texts = texts_of(request);
    if (!texts) {
        return texts.error();
    }
    encoded_request encoded{.path = "/embeddings", .body = {}};
    json::writer out(encoded.body);
    raw_writer to(out);
    out.begin_object().member("model", context.model).key("input").begin_array();
    for (std::string const& text : **texts) {
        out.value(text);
    }
    out.end_array();
    if (request.dimensions) {
        out.member(names_.dimensions, *request.dimensions);
    }
    if (request.encoding_format == "base64" && names_.may_ask_base64(request.extra)) {
        out.member(names_.base64, "base64");
    }
    to.extra(request.extra);
    out.end_object();
    if (!to.good()) {
        return to.error();
    }
    return without_repeats(std::move(encoded), request.extra);
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

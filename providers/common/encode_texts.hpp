#pragma once

#include <cogate/embedding.hpp>

#include "providers/common/lacks.hpp"
#include "providers/common/vectors.hpp"

#include <string_view>

namespace cogate::providers {

/// Where a service takes texts to embed.
struct texts_place {
    std::string_view path;
    std::string_view list;
};

/// A request that names the model, if one is given, and lists the texts. `more` writes what comes between them and
/// the unknown members.
template <class More>
result<encoded_request> encode_texts(embedding_request const& request, std::string_view model,
                                     texts_place const& where, More more)
{
    const result<std::vector<std::string> const*> texts = texts_of(request);
    if (!texts) {
        return texts.error();
    }
    encoded_request encoded{.path = std::string(where.path), .body = {}};
    json::writer out(encoded.body);
    raw_writer to(out);
    out.begin_object();
    if (!model.empty()) {
        out.member("model", model);
    }
    out.key(where.list).begin_array();
    for (std::string const& text : **texts) {
        out.value(text);
    }
    out.end_array();
    more(out);
    return close_request(to, std::move(encoded), request.extra);
}

} // namespace cogate::providers

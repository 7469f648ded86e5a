#pragma once

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"

#include <cogate/rerank.hpp>

#include <cstddef>
#include <limits>
#include <string_view>

namespace cogate::providers {

/// What a service's rerank request looks like. Views of static text.
struct rerank_shape {
    std::string_view path = "/rerank";
    std::string_view documents = "documents";
    std::string_view limit{}; ///< how many results; empty: all come
    bool model = true;
    bool return_documents = false;
    bool max_tokens_per_doc = false;
};

/// The request, with texts only. invalid_request for what the service lacks.
result<encoded_request> encode_rerank(rerank_request const& request, call_context const& context,
                                      rerank_shape const& shape);

/// How a service that takes {model, query, documents} and answers with a list of scores names things (providers.md
/// 29.6). Views of static text.
struct rerank_names {
    std::string_view limit;   ///< of the request: how many results ("top_n", "top_k")
    std::string_view results; ///< of the answer: the list ("results", "data")
    usage (*read_usage)(json::value object);
    std::size_t most_documents = std::numeric_limits<std::size_t>::max(); ///< in one exchange
};

/// The codec of such a service at "/rerank"; texts only. Stateless, thread-safe; no I/O, so nothing to cancel.
/// Errors: invalid_request for what the service lacks, bad_gateway for an answer that makes no sense.
class rerank_list final : public rerank_codec {
public:
    explicit rerank_list(rerank_names const& names) noexcept : names_(names) {}
    result<encoded_request> encode(rerank_request const& request, call_context const& context) const override;
    result<rerank_response> decode(whole_answer const& answer, rerank_request const& request,
                                   call_context const& context) const override;
    std::size_t max_inputs(call_context const&) const noexcept override { return names_.most_documents; }

private:
    rerank_names names_;
};

} // namespace cogate::providers

#pragma once

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"

#include <cogate/rerank.hpp>

#include <string_view>

namespace cogate::providers {

/// How a service that takes {model, query, documents} and answers with a list of scores names things (providers.md
/// 29.6). Views of static text.
struct rerank_names {
    std::string_view limit;   ///< of the request: how many results ("top_n", "top_k")
    std::string_view results; ///< of the answer: the list ("results", "data")
    usage (*read_usage)(json::value object);
};

/// The codec of such a service at "/rerank"; texts only. Stateless, thread-safe; no I/O, so nothing to cancel.
/// Errors: invalid_request for what the service lacks, bad_gateway for an answer that makes no sense.
class rerank_list final : public rerank_codec {
public:
    explicit rerank_list(rerank_names const& names) noexcept : names_(names) {}
    result<encoded_request> encode(rerank_request const& request, call_context const& context) const override;
    result<rerank_response> decode(whole_answer const& answer, rerank_request const& request,
                                   call_context const& context) const override;

private:
    rerank_names names_;
};

} // namespace cogate::providers

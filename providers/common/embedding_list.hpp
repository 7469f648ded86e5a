#pragma once

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"

#include <cstddef>
#include <string_view>

namespace cogate::providers {

/// How a service that takes {model, input: texts} and answers as OpenAI does names the rest. Views of static text.
struct embedding_names {
    std::string_view dimensions;                       ///< "dimensions", "output_dimension"
    std::string_view base64;                           ///< the field that asks for base64
    bool (*may_ask_base64)(extra_fields const& extra); ///< the caller's own fields leave room for it
    std::size_t most_texts;                            ///< in one request
    usage (*read_usage)(json::value object);
};

/// The codec of such a service at "/embeddings"; texts only. Stateless, thread-safe; no I/O, so nothing to cancel.
/// Errors: invalid_request for token lists, bad_gateway for an answer that makes no sense.
class embedding_list final : public embedding_codec {
public:
    explicit embedding_list(embedding_names const& names) noexcept : names_(names) {}
    result<encoded_request> encode(embedding_request const& request,
                                   call_context const& context) const override;
    result<embedding_response> decode(whole_answer const& answer, embedding_request const& request,
                                      call_context const& context) const override;
    std::size_t max_inputs(call_context const&) const noexcept override { return names_.most_texts; }

private:
    embedding_names names_;
};

} // namespace cogate::providers

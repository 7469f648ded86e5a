#pragma once

#include "providers/client_dialect.hpp"

namespace cogate::providers {

/// The client half of a service without chat (embeddings, rerank): every chat member fails with
/// invalid_request/"unsupported_operation".
class no_chat : public client_dialect {
public:
    result<encoded_request> encode_chat(chat_request const& request, call_context const& context) const final;
    result<chat_response> decode_chat(whole_answer const& answer, call_context const& context) const final;
    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const final;
};

} // namespace cogate::providers

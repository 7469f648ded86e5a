#pragma once

#include "providers/client_dialect.hpp"
#include "providers/common/decode_error.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace cogate::providers {

/// The functions that every dialect of a chat API has.
struct client_functions {
    std::string_view name;
    result<encoded_request> (*encode_chat)(chat_request const& request, call_context const& context);
    result<chat_response> (*decode_chat)(whole_answer const& answer, call_context const& context);
    std::unique_ptr<chat_stream_decoder> (*stream_decoder)(call_context const& context);
    /// None: errors are reported as most services do.
    failure (*decode_error)(int status, std::span<wire::header const> headers, std::string_view body,
                            std::chrono::system_clock::time_point now) = nullptr;
};

/// The client half of such a dialect. Stateless, thread-safe.
class chat_client : public client_dialect {
public:
    explicit chat_client(client_functions const& functions) noexcept : functions_(functions) {}

    std::string_view name() const noexcept final { return functions_.name; }
    result<encoded_request> encode_chat(chat_request const& request, call_context const& context) const final
    {
        return functions_.encode_chat(request, context);
    }
    result<chat_response> decode_chat(whole_answer const& answer, call_context const& context) const final
    {
        return functions_.decode_chat(answer, context);
    }
    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const final
    {
        return functions_.stream_decoder(context);
    }
    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const final
    {
        return functions_.decode_error == nullptr ? providers::decode_error(status, headers, body, now)
                                                  : functions_.decode_error(status, headers, body, now);
    }

private:
    client_functions functions_;
};

/// One whose server half is spoken here too: a request that needs no change passes as it is. Stateless, thread-safe.
class express_client : public chat_client {
public:
    express_client(client_functions const& functions, std::string_view path) noexcept
        : chat_client(functions), path_(path)
    {}

    std::string_view express_with() const noexcept final { return name(); }
    std::string express_path(operation, call_context const&) const override { return std::string(path_); }
    bool express_fits(express_request const&, call_context const& context) const final
    {
        return context.service.quirks.exact && context.rules.empty();
    }

private:
    std::string_view path_;
};

} // namespace cogate::providers

#pragma once

#include "providers/server_dialect.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace cogate::providers {

/// The functions of a dialect whose requests say everything in their body.
struct body_functions {
    std::string_view name;
    result<parsed_chat> (*parse)(std::string_view body);
    void (*write)(chat_response const& response, reply_context const& context, std::string& out);
    std::unique_ptr<chat_stream_writer> (*stream_writer)(reply_context const& context);
    void (*write_error)(failure const& why, std::string& out);
    express_lane const& (*lane)() noexcept;
};

/// The server half of such a dialect. Stateless, thread-safe.
class body_server : public server_dialect {
public:
    explicit body_server(body_functions const& functions) noexcept : functions_(functions) {}

    std::string_view name() const noexcept final { return functions_.name; }
    result<parsed_chat> parse_chat(std::string_view body, inbound_target const&) const final
    {
        return functions_.parse(body);
    }
    void write_chat(chat_response const& response, reply_context const& context, std::string& out) const final
    {
        functions_.write(response, context, out);
    }
    std::unique_ptr<chat_stream_writer> write_chat_stream(reply_context const& context) const final
    {
        return functions_.stream_writer(context);
    }
    void write_error(failure const& why, std::string& out) const final { functions_.write_error(why, out); }
    express_lane const& chat_express() const noexcept final { return functions_.lane(); }

private:
    body_functions functions_;
};

} // namespace cogate::providers

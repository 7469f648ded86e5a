#include "providers/client_dialect.hpp"

#include "lib/core/text.hpp"

namespace cogate::providers {

namespace {

failure cannot(std::string_view dialect, std::string_view what)
{
    return failure{error_kind::invalid_request, "This provider cannot serve " + std::string(what) +
                                                    " (dialect " + std::string(dialect) + ")."}
        .with_code("unsupported_operation");
}

} // namespace

fixed_credential::~fixed_credential() = default;

bool client_dialect::streams_as(std::string_view content_type) const noexcept
{
    constexpr std::string_view event_stream = "text/event-stream";
    return content_type.empty() || core::iequals(content_type.substr(0, event_stream.size()), event_stream);
}

result<encoded_request> client_dialect::encode_speech(speech_request const&, call_context const&) const
{
    return cannot(name(), "speech");
}

std::pair<std::string, std::string> client_dialect::authorization(secret const& key) const
{
    std::string value = "Bearer ";
    value += key.reveal();
    return {"authorization", std::move(value)};
}

std::string client_dialect::express_path(operation, call_context const&) const
{
    return {};
}

header_list client_dialect::express_headers(std::span<wire::header const>) const
{
    return {};
}

bool client_dialect::express_fits(express_request const&, call_context const&) const
{
    return false;
}

} // namespace cogate::providers

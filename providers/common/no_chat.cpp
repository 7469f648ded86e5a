#include "providers/common/no_chat.hpp"

namespace cogate::providers {

namespace {

failure serves_no_chat(std::string_view service)
{
    return failure(error_kind::invalid_request, std::string(service) + " serves no chat")
        .with_code("unsupported_operation");
}

class refuser final : public chat_stream_decoder {
public:
    explicit refuser(std::string_view service) : why_(serves_no_chat(service)) {}
    result<std::size_t> feed(std::string_view, std::vector<chat_chunk>&) override { return why_; }
    result<void> finish(std::vector<chat_chunk>&) override { return why_; }

private:
    failure why_;
};

} // namespace

result<encoded_request> no_chat::encode_chat(chat_request const&, call_context const& context) const
{
    return serves_no_chat(context.service.name);
}

result<chat_response> no_chat::decode_chat(whole_answer const&, call_context const& context) const
{
    return serves_no_chat(context.service.name);
}

std::unique_ptr<chat_stream_decoder> no_chat::decode_chat_stream(call_context const& context) const
{
    return std::make_unique<refuser>(context.service.name);
}

} // namespace cogate::providers

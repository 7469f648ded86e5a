#include "providers/replicate/dialect.hpp"

#include "providers/common/chat_client.hpp"
#include "providers/replicate/codec.hpp"

namespace cogate::providers::replicate {

namespace {

constexpr client_functions functions{
    .name = dialect_name,
    .encode_chat = replicate::encode_chat,
    .decode_chat = [](whole_answer const& answer,
                      call_context const&) { return replicate::decode_chat(answer.body); },
    .stream_decoder =
        [](call_context const& context) {
            return over_sse(make_event_decoder(std::string(context.model)), context.max_event_bytes);
        },
    .decode_error = replicate::decode_error};

class client_half final : public chat_client {
public:
    client_half() noexcept : chat_client(functions) {}

    result<std::optional<follow_up>> follow(std::string_view body, call_context const& context) const override
    {
        return replicate::follow(body, context.stream);
    }

    bool follows() const noexcept override { return true; }
};

} // namespace

client_dialect const& client() noexcept
{
    static const client_half half;
    return half;
}

} // namespace cogate::providers::replicate

#include "providers/voyage/dialect.hpp"

#include "providers/common/decode_error.hpp"
#include "providers/common/no_chat.hpp"
#include "providers/voyage/codec.hpp"

namespace cogate::providers::voyage {

namespace {

class client_half final : public no_chat {
public:
    std::string_view name() const noexcept override { return "voyage"; }

    embedding_codec const* embeddings() const noexcept override { return &voyage::embeddings(); }
    rerank_codec const* rerank() const noexcept override { return &voyage::rerank(); }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return providers::decode_error(status, headers, body, now);
    }
};

} // namespace

client_dialect const& client() noexcept
{
    static const client_half half;
    return half;
}

} // namespace cogate::providers::voyage

#pragma once

#include "providers/common/decode_error.hpp"
#include "providers/common/no_chat.hpp"

namespace cogate::providers {

/// The client half of a service that embeds and reranks and reports errors as most do. Stateless, thread-safe.
class lists_client final : public no_chat {
public:
    lists_client(std::string_view name, embedding_codec const& embeddings,
                 rerank_codec const& rerank) noexcept
        : name_(name), embeddings_(embeddings), rerank_(rerank)
    {}

    std::string_view name() const noexcept override { return name_; }
    embedding_codec const* embeddings() const noexcept override { return &embeddings_; }
    rerank_codec const* rerank() const noexcept override { return &rerank_; }
    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return providers::decode_error(status, headers, body, now);
    }

private:
    std::string_view name_;
    embedding_codec const& embeddings_;
    rerank_codec const& rerank_;
};

} // namespace cogate::providers

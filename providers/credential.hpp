#pragma once

#include <cogate/result.hpp>
#include <cogate/secret.hpp>

#include "lib/wire/url.hpp"
#include "providers/encoded_request.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers {

/// What a signature covers.
struct signable {
    std::string_view method;
    std::string_view host;   ///< as in the Host header
    std::string_view target; ///< path and query as sent
    std::string_view body;
    std::string_view content_type{}; ///< as sent; empty: not covered
};

/// A token to be fetched over HTTP before requests can be sent: what to ask, and how to read the answer.
struct token_request {
    wire::url url;
    encoded_request request;
};
struct access_token {
    secret value;
    std::chrono::seconds lifetime{0};
};

/// How the requests of one deployment prove who sends them. Pure and immutable: thread-safe.
/// Exactly one of the three kinds: fixed fields, a signature per request, or a fetched token.
class credential {
public:
    virtual ~credential() = default;

    enum class kind { fixed, signature, token };
    virtual kind how() const noexcept { return kind::fixed; }

    /// kind::fixed: the fields of every request; may be empty.
    virtual header_list fields() const { return {}; }

    /// kind::signature: the fields of this request at this time.
    virtual result<header_list> sign(signable const&, std::chrono::system_clock::time_point) const
    {
        return header_list{};
    }

    /// kind::token: how to get a token. The same `identity` means the same token, so that deployments share it.
    virtual std::string_view identity() const noexcept { return {}; }
    virtual result<token_request> ask(std::chrono::system_clock::time_point) const
    {
        return failure{error_kind::authentication, "no token can be fetched"};
    }
    virtual result<access_token> read(int, std::string_view) const
    {
        return failure{error_kind::authentication, "no token can be read"};
    }
    /// The fields that carry a token.
    virtual header_list carry(std::string_view token) const
    {
        return {{"authorization", "Bearer " + std::string(token)}};
    }
};

/// A credential of kind::fixed.
class fixed_credential final : public credential {
public:
    explicit fixed_credential(header_list fields) : fields_(std::move(fields)) {}
    ~fixed_credential() override;
    header_list fields() const override { return fields_; }

private:
    header_list fields_;
};

} // namespace cogate::providers

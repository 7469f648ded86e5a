#pragma once

#include "lib/engine/outgoing.hpp"

#include <string_view>
#include <utility>

namespace cogate::engine {

/// The parts of a request that a dialect encoded. `request` and `body` must outlive them.
inline outgoing::parts parts_of(providers::encoded_request const& request, std::string_view const& body,
                                providers::client_dialect const& dialect, bool stream)
{
    return {.path = request.path,
            .body = {&body, 1},
            .headers = request.headers,
            .method = request.method,
            .content_type = request.content_type,
            .accept = stream ? dialect.stream_accept() : std::string_view("application/json"),
            .dialect = &dialect};
}

/// An outgoing request that a dialect encodes from a canonical value. The value must outlive it.
template <class Encode>
class encoded final : public outgoing {
public:
    encoded(Encode encode, bool stream) : encode_(std::move(encode)), stream_(stream) {}

    result<parts> prepare(served_deployment const& deployment, std::string_view upstream_model) override
    {
        providers::client_dialect const& dialect = deployment.primary(upstream_model);
        result<providers::encoded_request> made =
            encode_(dialect, deployment.context(upstream_model, stream_));
        if (!made) {
            return made.error();
        }
        request_ = std::move(*made);
        body_ = request_.body;
        return parts_of(request_, body_, dialect, stream_);
    }

private:
    Encode encode_;
    bool stream_;
    providers::encoded_request request_;
    std::string_view body_;
};

} // namespace cogate::engine

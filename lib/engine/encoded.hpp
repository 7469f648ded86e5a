#pragma once

#include "lib/engine/call.hpp"
#include "providers/client_dialect.hpp"

#include <string_view>

namespace cogate::engine {

/// An outgoing request that a dialect encodes from a canonical value. The value must outlive it.
template <class Encode>
class encoded final : public outgoing {
public:
    encoded(Encode encode, bool stream) : encode_(std::move(encode)), stream_(stream) {}

    result<parts> prepare(served_deployment const& deployment, std::string_view upstream_model) override
    {
        result<providers::encoded_request> made = encode_(*deployment.dialect, deployment.context(upstream_model, stream_));
        if (!made) {
            return made.error();
        }
        request_ = std::move(*made);
        body_ = request_.body;
        return parts{request_.path, {&body_, 1}, request_.headers};
    }

private:
    Encode encode_;
    bool stream_;
    providers::encoded_request request_;
    std::string_view body_;
};

} // namespace cogate::engine

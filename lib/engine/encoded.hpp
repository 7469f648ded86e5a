#pragma once

#include "lib/engine/outgoing.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace cogate::engine {

/// The parts of a request that a dialect encoded. `request` and `body` must outlive them.
inline dispatch::parts parts_of(providers::encoded_request const& request, std::string_view const& body,
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

/// A dispatch whose request a dialect encoded from a canonical value.
class encoded_dispatch : public dispatch {
public:
    encoded_dispatch(served_deployment const& deployment, std::string_view upstream_model,
                     providers::client_dialect const& dialect, providers::encoded_request&& made, bool stream)
        : deployment_(deployment),
          upstream_model_(upstream_model),
          dialect_(dialect),
          encoded_(std::move(made)),
          body_(encoded_.body),
          stream_(stream)
    {
        request_ = parts_of(encoded_, body_, dialect, stream);
    }

protected:
    providers::client_dialect const& dialect() const noexcept { return dialect_; }
    providers::call_context context() const { return deployment_.context(upstream_model_, stream_); }

private:
    served_deployment const& deployment_;
    std::string_view upstream_model_;
    providers::client_dialect const& dialect_;
    providers::encoded_request encoded_;
    std::string_view body_;
    bool stream_;
};

} // namespace cogate::engine

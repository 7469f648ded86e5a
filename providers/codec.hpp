#pragma once

#include <cogate/result.hpp>

#include "lib/wire/header.hpp"
#include "providers/call_context.hpp"
#include "providers/encoded_request.hpp"

#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

namespace cogate::providers {

/// A 2xx answer of an upstream, read whole.
struct whole_answer {
    std::string_view body;
    std::span<wire::header const> headers{};
};

/// One operation of a client dialect: canonical request -> wire, wire -> canonical answer. Stateless, thread-safe.
template <class Request, class Response>
class codec {
public:
    virtual ~codec() = default;
    virtual result<encoded_request> encode(Request const& request, call_context const& context) const = 0;
    virtual result<Response> decode(whole_answer const& answer, Request const& request,
                                    call_context const& context) const = 0;

    /// How many inputs one exchange may carry; the engine splits larger requests, keeps the order and sums the usage.
    virtual std::size_t max_inputs(call_context const&) const noexcept
    {
        return std::numeric_limits<std::size_t>::max();
    }
};

} // namespace cogate::providers

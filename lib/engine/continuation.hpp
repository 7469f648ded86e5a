#pragma once

#include "lib/engine/call.hpp"
#include "lib/engine/said_text.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace cogate::engine {

/// How another deployment of a model group goes on with a stream that fell silent (`continue_after_stall`): what is the
/// same whether its pieces are bytes or chunks. Once per answer, and only with one choice of plain text. The second call
/// is paid, recorded and routed as one of its own under the first one's id; it draws on the group's retry budget.
/// Thread safety: none.
class continuation {
public:
    /// `first` began the answer; both must outlive it.
    continuation(kernel& owner, call const& first) noexcept : kernel_(owner), first_(first) {}

    /// Whether the answer may be gone on with after `why`, which ended it.
    bool may_begin(failure const& why, said_text const& said, bool repeatable,
                   policy::time_point now) const noexcept;

    /// Tokens that the answer has so far: counted up to 64 KiB of it and beyond them one for each byte, the most that
    /// there can be; at least one for each piece that it came in.
    std::int64_t tokens_of(said_text const& said) const;

    /// The deployment that may go on with it, another than the first, whose model takes an assistant's prefill
    /// (`supports_assistant_prefill`); nullptr: none. It lives as long as this. From here on the answer was gone on with.
    served_deployment const* successor(said_text const& said, std::size_t prompt_bytes,
                                       policy::time_point now);

    /// What the second call is made with, in the time that the first one had left.
    call_options options(policy::time_point now) const;

private:
    kernel& kernel_;
    call const& first_;
    std::shared_ptr<routes const> served_;
    int begun_ = 0;
};

/// Whether calls of the gateway are gone on with at all.
bool continues_after_stall(kernel const& owner);

} // namespace cogate::engine

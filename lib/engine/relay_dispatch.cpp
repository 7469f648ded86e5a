#include "lib/engine/relay_dispatch.hpp"

#include <utility>

namespace cogate::engine {

result<stream_signs> relay_dispatch::feed(std::string_view bytes)
{
    if (!stream_) {
        stream_ = open_stream();
    }
    if (stream_->broken()) {
        return *stream_->broken();
    }
    stream_signs signs;
    result<std::string_view> const out = stream_->feed(bytes, signs);
    return keep(out, signs);
}

result<stream_signs> relay_dispatch::finish()
{
    if (!stream_) {
        stream_ = open_stream();
    }
    if (stream_->broken()) {
        return *stream_->broken();
    }
    stream_signs signs;
    result<std::string_view> const out = stream_->finish(signs);
    return keep(out, signs);
}

// What was fed is gone at the next read: what nobody has taken by then must be held.
result<stream_signs> relay_dispatch::keep(result<std::string_view> const& out, stream_signs signs)
{
    if (!out) {
        return out.error();
    }
    if (run_.empty()) {
        held_.clear();
    }
    if (!held_.empty()) {
        held_ += *out;
        run_ = held_;
    } else if (signs.content) {
        run_ = *out;
    } else {
        held_ = *out;
        run_ = held_;
    }
    return signs;
}

std::string_view relay_dispatch::take() noexcept
{
    return std::exchange(run_, {});
}

void relay_dispatch::answered(std::string_view body, usage used)
{
    run_ = body;
    used_ = std::move(used);
}

} // namespace cogate::engine

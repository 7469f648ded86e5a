#pragma once

#include "lib/engine/answer_stream.hpp"
#include "lib/engine/dispatch.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace cogate::engine {

/// A dispatch whose answer goes back in a client's bytes, whole or as a stream.
class relay_dispatch : public dispatch {
public:
    explicit relay_dispatch(bool stream) noexcept : streaming_(stream) {}

    ready ready_when() const noexcept override { return streaming_ ? ready::streaming : ready::whole; }

    result<stream_signs> feed(std::string_view bytes) override;
    result<stream_signs> finish() override;
    usage used() const override { return !streaming_ ? used_ : stream_ ? stream_->used() : usage{}; }
    std::int64_t content_pieces() const noexcept override { return stream_ ? stream_->content_pieces() : 0; }

    /// The bytes for the client that it has not had yet; valid until the next `feed` or `finish`.
    std::string_view take() noexcept;

protected:
    /// Made at the first bytes of a streamed answer.
    virtual std::unique_ptr<answer_stream> open_stream() = 0;

    void answered(std::string_view body, usage used);

private:
    result<stream_signs> keep(result<std::string_view> const& out, stream_signs signs);

    bool streaming_;
    std::unique_ptr<answer_stream> stream_;
    std::string_view run_; ///< not taken yet: a view of what was fed, or of `held_`
    std::string held_;     ///< what came before the first content
    usage used_;
};

} // namespace cogate::engine

#include "lib/engine/answer_stream.hpp"

#include "lib/wire/sse_cutter.hpp"

#include <functional>
#include <string>
#include <utility>

namespace cogate::engine {
namespace {

bool within(std::string_view piece, std::string_view whole) noexcept
{
    std::less_equal<char const*> const not_after;
    return not_after(whole.data(), piece.data()) &&
           not_after(piece.data() + piece.size(), whole.data() + whole.size());
}

class express final : public answer_stream {
public:
    express(std::unique_ptr<providers::stream_relay> relay, std::size_t max_event_bytes)
        : relay_(std::move(relay)), cutter_(max_event_bytes)
    {}

    result<std::string_view> feed(std::string_view bytes, stream_signs& signs) override
    {
        run_ = {};
        if (result<void> const sifted = sift(bytes, signs); !sifted) {
            if (run_.empty() || !relay_->facts().content_seen) {
                return sifted.error();
            }
            broken_ = sifted.error(); // what was said before it is the client's
        }
        return run_;
    }

    result<std::string_view> finish(stream_signs& signs) override
    {
        run_ = {};
        // some providers end without the last blank line; what is there counts if it is a whole event then
        if (!cutter_.tail().empty()) {
            if (result<void> const last = sift("\n\n", signs); !last) {
                return last.error();
            }
        }
        if (result<void> const good = relay_->finish(); !good) {
            return good.error();
        }
        return run_;
    }

    usage const& used() const noexcept override { return relay_->facts().usage; }

private:
    result<void> sift(std::string_view bytes, stream_signs& signs)
    {
        cutter_.feed(bytes);
        while (std::optional<wire::raw_event> const event = cutter_.next()) {
            signs.progress = true;
            if (event->has_data) {
                providers::stream_relay::verdict const what = relay_->on_event(event->data);
                if (relay_->facts().error) {
                    return *relay_->facts().error;
                }
                signs.content = relay_->facts().content_seen;
                if (what == providers::stream_relay::verdict::drop) {
                    continue;
                }
            }
            pass(event->bytes, bytes);
        }
        if (cutter_.too_large()) {
            return failure{error_kind::bad_gateway, "The provider sent an event beyond the size limit."}
                .with_code("upstream_event_too_large");
        }
        return {};
    }

    // Neighbouring pieces of the fed bytes stay one view; anything else is gathered in `joined_`.
    void pass(std::string_view piece, std::string_view fed)
    {
        bool const lasting = within(piece, fed);
        if (run_.empty() && lasting) {
            run_ = piece;
            return;
        }
        if (lasting && run_.data() + run_.size() == piece.data() && run_.data() != joined_.data()) {
            run_ = {run_.data(), run_.size() + piece.size()};
            return;
        }
        if (run_.empty()) {
            joined_.clear();
        } else if (run_.data() != joined_.data()) {
            joined_.assign(run_);
        }
        joined_ += piece;
        run_ = joined_;
    }

    std::unique_ptr<providers::stream_relay> relay_;
    wire::sse_cutter cutter_;
    std::string_view run_; ///< what to pass on: a run of the fed bytes, or `joined_`
    std::string joined_;
};

} // namespace

std::unique_ptr<answer_stream> express_stream(std::unique_ptr<providers::stream_relay> relay,
                                              std::size_t max_event_bytes)
{
    return std::make_unique<express>(std::move(relay), max_event_bytes);
}

} // namespace cogate::engine

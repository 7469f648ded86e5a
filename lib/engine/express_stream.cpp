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
    express(providers::express_lane const& lane, providers::request_facts const& facts,
            std::size_t max_event_bytes)
        : lane_(lane), relay_(lane.relay(facts)), cutter_(max_event_bytes), max_event_bytes_(max_event_bytes)
    {}

    result<std::string_view> feed(std::string_view bytes, stream_signs& signs) override
    {
        run_ = {};
        if (result<void> const framed = reframe(bytes); !framed) {
            return framed.error();
        }
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
        if (reframer_) {
            if (result<void> const whole = reframer_->finish(); !whole) {
                return whole.error();
            }
        }
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
    // An upstream that frames its events in another way is told by its first byte.
    result<void> reframe(std::string_view& bytes)
    {
        if (!known_framing_) {
            std::size_t const first = bytes.find_first_not_of(" \t\r\n");
            if (first == std::string_view::npos) {
                return {};
            }
            known_framing_ = true;
            reframer_ = lane_.reframer(bytes[first], max_event_bytes_);
        }
        if (reframer_) {
            reframed_.clear();
            if (result<void> const fed = reframer_->feed(bytes, reframed_); !fed) {
                return fed;
            }
            bytes = reframed_;
        }
        return {};
    }

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
                content_pieces_ += signs.content && !relay_->facts().ended ? 1 : 0;
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

    providers::express_lane const& lane_;
    std::unique_ptr<providers::stream_relay> relay_;
    wire::sse_cutter cutter_;
    std::size_t max_event_bytes_;
    bool known_framing_ = false;
    std::unique_ptr<providers::stream_reframer> reframer_;
    std::string reframed_;
    std::string_view run_; ///< what to pass on: a run of the fed bytes, or `joined_`
    std::string joined_;
};

} // namespace

std::unique_ptr<answer_stream> express_stream(providers::express_lane const& lane,
                                              providers::request_facts const& facts,
                                              std::size_t max_event_bytes)
{
    return std::make_unique<express>(lane, facts, max_event_bytes);
}

} // namespace cogate::engine

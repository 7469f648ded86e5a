#pragma once

#include "providers/common/bodies.hpp"
#include "providers/express_lane.hpp"

#include <string_view>

namespace cogate::providers {

/// What the relays of all dialects have in common: they gather facts, and a stream that did not end was cut.
class facts_relay : public stream_relay {
public:
    relay_facts const& facts() const noexcept final { return facts_; }

    result<void> finish() final
    {
        if (facts_.error) {
            return *facts_.error;
        }
        return whole_if(facts_.ended, end_mark_);
    }

protected:
    /// How the dialect's end is called, as in "its end mark".
    explicit facts_relay(std::string_view end_mark) noexcept : end_mark_(end_mark) {}

    relay_facts facts_;

private:
    std::string_view end_mark_;
};

} // namespace cogate::providers

#pragma once

#include <cogate/chat.hpp>

#include "lib/engine/encoded.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace cogate::engine {

/// The size of a request's text, and the most that it wants back.
outgoing_facts routing_facts(chat_request const& request) noexcept;

/// The same for its price.
planned_cost cost_plan(chat_request const& request) noexcept;

/// A typed chat on its way out. `Dispatch` understands the answer. The request must outlive it.
template <class Dispatch>
class outgoing_chat final : public outgoing {
public:
    outgoing_chat(chat_request const& request, bool stream) noexcept : asked_(request), stream_(stream) {}

    result<std::unique_ptr<dispatch>> prepare(served_deployment const& deployment,
                                              std::string_view upstream_model) override
    {
        providers::client_dialect const& dialect = deployment.primary(upstream_model);
        result<providers::encoded_request> made =
            dialect.encode_chat(asked_, deployment.context(upstream_model, stream_));
        if (!made) {
            return made.error();
        }
        return std::unique_ptr<dispatch>(
            std::make_unique<Dispatch>(deployment, upstream_model, dialect, std::move(*made), stream_));
    }

    outgoing_facts facts_for_routing() const override { return routing_facts(asked_); }
    planned_cost planned() const override { return cost_plan(asked_); }
    bool repeatable() const override { return !asked_.store.value_or(false); }

private:
    chat_request const& asked_;
    bool stream_;
};

} // namespace cogate::engine

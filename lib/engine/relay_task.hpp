#pragma once

#include "lib/engine/outgoing.hpp"
#include "lib/engine/request_terms.hpp"
#include "lib/engine/usage_cost.hpp"
#include "providers/server_dialect.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace cogate::engine {

/// What a client asked for, in its own dialect, and how the answer gets back into it. `prepare` decides the lane for
/// each deployment anew: express where the deployment speaks the client's dialect, else translate. What it makes are
/// `relay_dispatch`es.
/// Used by one call; not thread-safe.
class relay_task : public outgoing {
public:
    /// Names an answer whose provider gave it no id; must outlive the task.
    virtual void name_answers(std::string_view call_id) noexcept = 0;
    virtual providers::operation operation() const noexcept = 0;
    virtual providers::request_facts const& facts() const noexcept = 0;
    /// Read at the first call.
    virtual request_terms const& terms() const = 0;
    /// False only when the body surely has no member of this name.
    virtual bool may_have(std::string_view member) const noexcept = 0;
};

/// An inbound request of a chat dialect.
struct inbound_chat {
    providers::server_dialect const& dialect;
    providers::inbound_target target{};
    std::string_view body;
    std::span<wire::header const> headers{};
    cost_wish cost = cost_wish::none; ///< only for dialects whose answers have OpenAI's `usage`
};

/// Scans the body; fails with the 400 that the client gets. What `inbound` views must outlive the task.
result<std::unique_ptr<relay_task>> read_chat(inbound_chat const& inbound);

/// The same for a dialect's own way to count tokens: relayed to a provider of the dialect, never translated.
result<std::unique_ptr<relay_task>> read_token_count(inbound_chat const& inbound);

/// The same for embeddings: relayed only; an answer is rewritten where a provider ignored the wish for base64.
result<std::unique_ptr<relay_task>> read_embedding(inbound_chat const& inbound);

} // namespace cogate::engine

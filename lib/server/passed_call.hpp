#pragma once

#include "lib/engine/outgoing.hpp"
#include "lib/server/stream_out.hpp"
#include "providers/native_call.hpp"
#include "transports/listener/listener.hpp"

#include <cogate/result.hpp>
#include <cogate/usage.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::server {

/// A request that goes to a service as it came, and the understanding of its answer, which is passed on unread: what it
/// used, and whether it is good. Not thread-safe.
class passed_answer final : public engine::dispatch, public body_listener {
public:
    /// `what` may be null: a request of which nothing is known. It, the request's views and the context must outlive it.
    passed_answer(parts const& request, providers::native_call const* what,
                  providers::call_context const& context);

    ready ready_when() const noexcept override { return ready::at_head; }
    usage used() const override { return used_; }
    std::int64_t content_pieces() const noexcept override { return content_pieces_; }
    std::optional<std::int64_t> count_prompt() const override;

    /// Whether an answer with this head is a stream of events that can be understood.
    bool streams(transports::response_head const& head) const noexcept;

    /// Of a whole answer of any status: what it used, or why it is no good one.
    result<usage> whole_answer(transports::response_head const& head, std::string_view body);

    void hear(std::string_view bytes) override;
    result<usage> over() override;

private:
    void take(std::vector<chat_chunk>& chunks);

    providers::native_call const* what_;
    providers::call_context context_;
    std::unique_ptr<providers::chat_stream_decoder> decoder_;
    std::optional<failure> broken_;
    usage used_;
    std::int64_t content_pieces_ = 0;
};

/// What a pass-through route sends: the client's method, path, query and body, with our credentials in the place of its
/// own. Everything that it is given must outlive it.
class passed_call final : public engine::outgoing {
public:
    /// `rest` is the path behind the service's name.
    passed_call(transports::inbound_request const& request, std::string_view rest, std::string_view body,
                providers::native_call const* what);

    result<std::unique_ptr<engine::dispatch>> prepare(engine::served_deployment const& deployment,
                                                      std::string_view upstream_model) override;
    engine::outgoing_facts facts_for_routing() const override { return {.bytes = body_.size()}; }
    engine::planned_cost planned() const override;
    bool repeatable() const override { return false; }

private:
    transports::inbound_request const& request_;
    providers::native_call const* what_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::string path_;
    std::string_view body_;
};

} // namespace cogate::server

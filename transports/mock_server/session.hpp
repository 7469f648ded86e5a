#pragma once

#include "transports/mock_server/answer.hpp"
#include "transports/mock_server/channel.hpp"
#include "transports/mock_server/request.hpp"
#include "transports/polling/poller.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cogate::transports::mock {

class worker;

/// One connection of the mock: reads requests, sends their answers piece by piece. Used by its worker's thread.
class session final : public poll_source {
public:
    session(worker& owner, socket_descriptor socket, const tls_server_context* tls);
    ~session() override;

    void on_ready(std::uint32_t events) override;

private:
    void receive();
    void take(std::string_view fresh);
    std::size_t consume(std::string_view bytes);
    bool whole_body(std::string_view bytes, std::string_view& body, std::size_t& total);
    void begin(std::shared_ptr<const answer> reply, bool keep_alive, std::chrono::nanoseconds latency);
    void advance();
    bool flush();
    std::chrono::nanoseconds open_next_piece();
    void charge(bool by_peer);
    void finish();
    void peer_gone();
    void end(bool reset);
    void want(std::uint32_t events);

    worker& owner_;
    channel channel_;
    poll_timer timer_;
    poll_timer::clock::time_point due_{};
    std::chrono::nanoseconds latency_{0};
    std::shared_ptr<const answer> reply_;
    std::size_t sent_ = 0;
    std::size_t limit_ = 0; // bytes of the reply that may be sent by now
    std::size_t piece_ = 0; // next piece to open
    std::string in_;        // received, not yet consumed
    std::string decoded_;   // a chunked body
    std::size_t needed_ = 0;
    request_head head_;
    std::uint32_t interest_ = 0;
    bool keep_alive_ = true;
    bool blocked_ = false;
    bool consuming_ = false;
    bool told_to_continue_ = false;
    bool ended_ = false;
};

} // namespace cogate::transports::mock

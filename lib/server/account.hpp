#pragma once

#include "lib/ledger/accounts/standing_obligations.hpp"
#include "lib/server/accounts.hpp"
#include "lib/server/commit_board.hpp"
#include "transports/runtime/waiter.hpp"

#include <cogate/call_options.hpp>
#include <cogate/payer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::wire {
class response_head_builder;
}

namespace cogate::server {

/// What of a call its account must know.
struct account_facts {
    std::string_view call_type; ///< LiteLLM's word; static text
    std::string_view model;     ///< the group that is asked for
    std::string_view end_user{};
    std::vector<std::string> const& tags;
    std::int64_t prompt_bytes = 0;
    std::int64_t max_output_tokens = 0; ///< 0: not said
};

/// The account of one call: holds money in every budget before an attempt is sent, writes what became of it into
/// the ledger, and gives back what was not spent, whatever path the call ends on.
///
/// Thread safety: as its call. The `accounts` must outlive it.
class account final : public payer, private commit_board::listener {
public:
    /// Admits the call: models, budgets' owners and rates. Failures: `permission_denied`, `rate_limit` with the
    /// time to wait, `service_unavailable` when the ledger takes nothing.
    static result<std::shared_ptr<account>> open(accounts& at, ledger::principal const& who,
                                                 boost::asio::any_io_executor executor,
                                                 account_facts const& facts);
    ~account() override;
    account(account const&) = delete;
    account& operator=(account const&) = delete;

    result<void> take(attempt_offer const& offer) override;
    void pay(attempt_bill const& bill) noexcept override;

    /// Whether nothing that was paid is to be waited for: all of it is committed, or the gateway does not promise that.
    bool is_committed() const noexcept { return waiting_for_ == 0; }

    /// Waits until then; at most until the ledger fails, whose rows then stay in its queue.
    boost::asio::awaitable<void> committed();

    /// The request id of its first row; empty before.
    std::string const& call_id() const noexcept { return call_id_; }

    /// The limits of the caller and what is left of them: `x-ratelimit-*`, `x-litellm-key-*`.
    void add_headers(wire::response_head_builder& head) const;

private:
    struct open_attempt {
        std::uint32_t number;
        ledger::reservation held;
        std::shared_ptr<ledger::booking const> to;
        ledger::event event; ///< what its next event says again
    };
    struct made {}; ///< lets only open() construct one

public:
    account(made, accounts& at, boost::asio::any_io_executor executor,
            std::shared_ptr<ledger::shared_obligations const> what);

private:
    void row_is_committed() override;
    failure over_budget(ledger::refusal const& why) const;
    void write(ledger::event&& e);

    accounts& at_;
    boost::asio::any_io_executor executor_;
    std::shared_ptr<ledger::shared_obligations const> what_;
    ledger::rate_limiter::pass pass_;
    ledger::moment started_;
    std::string call_id_;     ///< of its first attempt
    std::int64_t tokens_ = 0; ///< of its bills
    boost::container::small_vector<open_attempt, 1> attempts_;
    int waiting_for_ = 0;                          ///< rows on their way to the disk
    std::shared_ptr<commit_board::ticket> ticket_; ///< null until a row is to be waited for
    std::optional<transports::waiter> wake_;
};

/// The account that a call of this server has in its options; null when nobody pays.
account* account_of(call_options const& options) noexcept;

/// What is the time, as the ledger counts it.
ledger::moment ledger_now() noexcept;

} // namespace cogate::server

#pragma once

#include "lib/ledger/accounts/directory.hpp"
#include "lib/ledger/accounts/key_text.hpp"
#include "lib/ledger/accounts/rate_limiter.hpp"
#include "lib/ledger/accounts/standing_obligations.hpp"
#include "lib/ledger/book.hpp"
#include "lib/ledger/load_budgets.hpp"
#include "lib/ledger/sqlite/sqlite_store.hpp"
#include "lib/ledger/store.hpp"
#include "lib/server/owner_terms.hpp"

#include <cogate/result.hpp>
#include <cogate/secret.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cogate::server {

/// When the last byte of an answer may leave.
enum class acknowledge {
    committed, ///< after its row is in the database
    queued,    ///< once its row is in the writer's queue: a crash may lose rows of the last moment
};

/// What the configuration says about money and may say anew while the gateway serves.
struct accounts_terms {
    std::vector<ledger::owned_budget> configured;  ///< global, of providers and of deployments
    std::optional<ledger::budget> end_user_budget; ///< of each end user without one of their own
    std::string end_user_budget_id;                ///< the same by a budget record, where there is one
    configured_terms owners;                       ///< what new keys and users get, and keys may get at most
    ledger::record_limits limits;                  ///< how many keys, users, ... there may be
};

struct accounts_options {
    ledger::sqlite_options store; ///< `path` names the database
    acknowledge when = acknowledge::committed;
    secret pepper;               ///< of key digests; empty: made once and kept beside the database
    bool allow_unpriced = false; ///< budgeted keys may use models without a known price
    accounts_terms terms;        ///< at the start
};

/// The money side of a gateway: who may spend, what they have spent, and the ledger of it.
///
/// Thread safety: every function from any thread.
class accounts {
public:
    /// Opens the ledger, ends what a crash left open, and reads every record. Failures: `service_unavailable` with what to
    /// do in its text. Blocks.
    static result<std::unique_ptr<accounts>> open(accounts_options options);
    ~accounts();
    accounts(accounts const&) = delete;
    accounts& operator=(accounts const&) = delete;

    ledger::directory& directory() noexcept;
    ledger::book& book() noexcept;
    ledger::rate_limiter& limiter() noexcept;
    ledger::standing_obligations& obligations() noexcept;
    ledger::store& store() noexcept;
    ledger::key_digester const& digester() const noexcept;
    accounts_options const& options() const noexcept;

    /// As they are now.
    std::shared_ptr<accounts_terms const> terms() const;
    /// Other terms from now on, all or nothing. Budgets that are new or count anew know what was spent in their windows;
    /// one that is gone limits nobody. Failures: the store's, and then nothing has changed. Blocks.
    result<void> change_terms(accounts_terms fresh);

    std::string const& ledger_path() const noexcept { return options().store.path; }

    /// Runs work that may wait for the disk, one piece after the other, on a thread of its own: changes of records, and
    /// reports on another, so that no change waits for a report. False when too much is waiting: the caller answers 503.
    bool later(std::function<void()> work);
    bool report_later(std::function<void()> work);

    /// Waits for that work and takes no more of it. For the end of a server: what the work tells goes to loops that must
    /// still be there. From one thread.
    void finish();

private:
    class implementation;
    explicit accounts(std::unique_ptr<implementation> made);
    std::unique_ptr<implementation> impl_;
};

} // namespace cogate::server

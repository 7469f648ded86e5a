#include "lib/ledger/sqlite/sqlite_store.hpp"

#include "lib/ledger/sqlite/owner_lock.hpp"
#include "lib/ledger/sqlite/session.hpp"
#include "lib/ledger/sqlite/spend.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace cogate::ledger {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

failure unavailable(std::string why)
{
    return failure{error_kind::service_unavailable, std::move(why)}.with_code("ledger_unavailable");
}

class sqlite_store final : public store {
public:
    /// Throws sqlite::error, std::bad_alloc and std::system_error.
    sqlite_store(sqlite_options const& options, moment now)
        : options_(options),
          owner_(options.path),
          session_(std::in_place, options, sqlite::access::create),
          queue_(options.queue)
    {
        sqlite::session::recovered const done = session_->recover(options.recovery, now);
        figures_.recovered_settled = done.settled;
        figures_.recovered_void = done.made_void;
        writer_ = std::thread([this] { run(); });
    }

    ~sqlite_store() override
    {
        queue_.close();
        writer_.join();
    }

    result<void> append(event e, acknowledgement done) override
    {
        return queue_.push(std::move(e), std::move(done));
    }

    result<void> ready() const override { return queue_.ready(); }

    store_figures figures() const override
    {
        std::lock_guard const lock(figures_mutex_);
        store_figures out = figures_;
        queue_.figures(out);
        return out;
    }

    bool flush(std::chrono::milliseconds at_most) override { return queue_.wait_until_done(at_most); }

    result<std::vector<nanos>> spent(std::span<spend_query const> queries) override
    {
        try {
            sqlite::connection in(options_.path, sqlite::access::read_only, options_.vfs);
            in.set_patience(static_cast<int>(options_.lock_patience.count()));
            return sqlite::spent(in, queries);
        } catch (std::exception const& e) {
            return unavailable(e.what());
        }
    }

private:
    using items = std::vector<pending_ptr>;
    using fates = std::vector<sqlite::written_attempt>;

    void run()
    {
        for (;;) {
            items const batch = queue_.take(options_.batch_rows);
            if (batch.empty()) {
                return;
            }
            finish(batch, write(batch));
            if (session_) {
                session_->checkpoint_if_due();
            }
        }
    }

    /// Tries until it is written; nothing when the store is closing and its patience has ended.
    std::optional<fates> write(items const& batch)
    {
        std::optional<clock::time_point> first_failure;
        std::chrono::milliseconds wait = 10ms;
        for (;;) {
            try {
                if (!session_) {
                    session_.emplace(options_, sqlite::access::read_write);
                }
                fates done = session_->write(batch);
                queue_.set_failing(false);
                return done;
            } catch (sqlite::error const& e) {
                int const code = e.primary_code();
                bool const is_locked = code == SQLITE_BUSY || code == SQLITE_LOCKED;
                first_failure = first_failure.value_or(clock::now());
                if (!is_locked || clock::now() - *first_failure >= options_.lock_patience) {
                    queue_.set_failing(true, e.what());
                }
                if (!is_locked && code != SQLITE_FULL) {
                    session_.reset(); // its files may be gone for good: a new connection looks again
                }
            } catch (std::exception const& e) {
                first_failure = first_failure.value_or(clock::now());
                queue_.set_failing(true, e.what());
            }
            note_failed_commit();
            if (queue_.is_closed() && given_up()) {
                return std::nullopt;
            }
            queue_.pause(wait);
            if (queue_.is_closed()) {
                std::this_thread::sleep_for(10ms);
            }
            wait = std::min(wait * 2, std::chrono::milliseconds{500});
        }
    }

    /// The patience of closing runs once for all that is left.
    bool given_up()
    {
        closing_since_ = closing_since_.value_or(clock::now());
        return clock::now() - *closing_since_ >= options_.closing_patience;
    }

    void note_failed_commit()
    {
        std::lock_guard const lock(figures_mutex_);
        ++figures_.failed_commits;
    }

    void finish(items const& batch, std::optional<fates> const& written)
    {
        if (written) {
            count(batch, *written);
        }
        for (std::size_t i = 0; i != batch.size(); ++i) {
            for (pending_attempt::promise const& one : batch[i]->promises) {
                one.done(!written                   ? outcome::lost
                         : (*written)[i].is_expired ? outcome::expired
                                                    : pending_attempt::told(one, (*written)[i].added));
            }
        }
        queue_.done(batch);
    }

    void count(items const& batch, fates const& written)
    {
        std::lock_guard const lock(figures_mutex_);
        for (std::size_t i = 0; i != batch.size(); ++i) {
            std::uint64_t const all = batch[i]->events;
            auto const added = static_cast<std::uint64_t>(std::popcount(written[i].added));
            figures_.written += added;
            figures_.expired += written[i].is_expired ? all : 0;
            figures_.duplicates += written[i].is_expired ? 0 : all - added;
        }
        ++figures_.commits;
    }

    sqlite_options const options_;
    sqlite::owner_lock owner_;
    std::optional<sqlite::session> session_; ///< the writer's; nothing while the disk is away
    event_queue queue_;
    mutable std::mutex figures_mutex_;
    store_figures figures_;
    std::optional<clock::time_point> closing_since_;
    std::thread writer_;
};

} // namespace

result<std::unique_ptr<store>> open_sqlite(sqlite_options const& options, moment now)
{
    try {
        return std::unique_ptr<store>(std::make_unique<sqlite_store>(options, now));
    } catch (std::exception const& e) {
        return unavailable(std::string("the ledger cannot be opened: ") + e.what());
    }
}

} // namespace cogate::ledger

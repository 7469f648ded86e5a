#include "lib/server/accounts.hpp"

#include "lib/core/ids.hpp"
#include "lib/ledger/accounts/obligations.hpp"
#include "lib/ledger/report.hpp"
#include "lib/server/account.hpp"
#include "lib/server/manage/spending.hpp"
#include "lib/server/pepper.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace cogate::server {
namespace {

// Pieces of work that wait for the disk: more than this and the gateway says so.
constexpr std::size_t most_waiting = 256;

constexpr std::chrono::seconds flush_patience{5};
constexpr std::chrono::seconds tidy_interval{1};

/// One thread that may wait, and the work in front of it.
class desk {
public:
    /// `now_and_then` is done about once in `tidy_interval`.
    explicit desk(std::function<void()> now_and_then)
        : now_and_then_(std::move(now_and_then)), thread_([this] { run(); })
    {}
    ~desk() { close(); }
    desk(desk const&) = delete;
    desk& operator=(desk const&) = delete;

    /// Does what was taken, and takes no more.
    void close()
    {
        {
            std::lock_guard const lock(mutex_);
            closing_ = true;
        }
        more_.notify_one();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    bool add(std::function<void()> work)
    {
        {
            std::lock_guard const lock(mutex_);
            if (closing_ || waiting_.size() == most_waiting) {
                return false;
            }
            waiting_.push_back(std::move(work));
        }
        more_.notify_one();
        return true;
    }

private:
    // What was taken is done, also while closing.
    void run()
    {
        std::unique_lock lock(mutex_);
        for (;;) {
            if (!more_.wait_for(lock, tidy_interval, [this] { return closing_ || !waiting_.empty(); })) {
                lock.unlock();
                now_and_then_();
                lock.lock();
                continue;
            }
            if (waiting_.empty()) {
                return;
            }
            std::function<void()> const work = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            work();
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<std::function<void()>> waiting_;
    bool closing_ = false;
    std::function<void()> now_and_then_;
    std::thread thread_; ///< last: it uses the others
};

std::optional<ledger::budget> end_user_budget(ledger::directory const& in, accounts_options const& options)
{
    if (ledger::budget_ptr const named = in.find_budget(options.end_user_budget_id)) {
        ledger::budget out;
        out.limit = named->has.max_budget;
        out.soft_limit = named->has.soft_budget;
        out.period = ledger::parse_period(named->has.budget_duration, named->made.created_at)
                         .value_or(ledger::budget_period{});
        return out;
    }
    return options.end_user_budget;
}

bool touches(ledger::record_changes const& changes, ledger::record_kind kind, std::string_view id)
{
    auto const is_it = [&](ledger::record const& one) { return kind_of(one) == kind && id_of(one) == id; };
    auto const was_it = [&](ledger::record_name const& one) { return one.kind == kind && one.id == id; };
    return std::any_of(changes.put.begin(), changes.put.end(), is_it) ||
           std::any_of(changes.removed.begin(), changes.removed.end(), was_it);
}

} // namespace

class accounts::implementation {
public:
    explicit implementation(accounts_options given)
        : options(std::move(given)), book(ledger::book::options{.seed = core::random_bits()})
    {}

    accounts_options options;
    ledger::book book;
    ledger::rate_limiter limiter;
    std::optional<ledger::key_digester> digester;
    std::unique_ptr<ledger::store> store;
    std::unique_ptr<ledger::record_store> records;
    std::unique_ptr<ledger::directory> directory;
    std::optional<desk> waiting; ///< last: its work uses the others
};

namespace {

/// The default budget of end users, and what those without one of their own have spent in its window: a start must not
/// give it back. To be called once the other budgets are in the book.
result<void> load_end_users(ledger::book& into, ledger::directory const& in, accounts_options const& options,
                            ledger::moment now)
{
    std::optional<ledger::budget> const usual = end_user_budget(in, options);
    into.set_default(ledger::scope_kind::end_user, usual, now);
    if (!usual || !usual->limit) {
        return {};
    }
    constexpr std::size_t most = 1'000'000; // more the book does not follow
    result<ledger::owner_sums> const sums =
        ledger::sums_by(options.store.path, ledger::scope_kind::end_user,
                        {.from = ledger::window_of(usual->period, now).start}, most,
                        {.most_steps = std::numeric_limits<std::int64_t>::max()});
    if (!sums) {
        return sums.error();
    }
    for (ledger::owner_sum const& one : sums->owners) {
        ledger::scope const owner{ledger::scope_kind::end_user, one.id};
        if (!into.find(owner, now)) {
            static_cast<void>(into.charge({&owner, 1}, one.of.spent, now));
        }
    }
    return {};
}

} // namespace

accounts::accounts(std::unique_ptr<implementation> made) : impl_(std::move(made)) {}

accounts::~accounts() = default;

result<std::unique_ptr<accounts>> accounts::open(accounts_options options)
{
    auto made = std::make_unique<implementation>(std::move(options));
    ledger::moment const now = ledger_now();
    result<std::unique_ptr<ledger::store>> store = ledger::open_sqlite(made->options.store, now);
    if (!store) {
        return store.error();
    }
    made->store = std::move(*store);
    result<std::unique_ptr<ledger::record_store>> records =
        ledger::open_sqlite_records(made->options.store.path, made->options.store.keep);
    if (!records) {
        return records.error();
    }
    made->records = std::move(*records);
    result<std::unique_ptr<ledger::directory>> directory = ledger::directory::open(*made->records);
    if (!directory) {
        return directory.error();
    }
    made->directory = std::move(*directory);
    bool const no_keys = made->directory->size(ledger::record_kind::key) == 0;
    result<secret> pepper = made->options.pepper.empty()
                                ? keep_pepper(made->options.store.path + ".pepper", no_keys)
                                : result<secret>(made->options.pepper);
    if (!pepper) {
        return pepper.error();
    }
    made->digester.emplace(*pepper);
    std::vector<ledger::owned_budget> budgets = ledger::budgets_of(*made->directory);
    budgets.insert(budgets.end(), made->options.configured.begin(), made->options.configured.end());
    if (result<void> const loaded = ledger::load_budgets(made->book, *made->store, budgets, now); !loaded) {
        return loaded.error();
    }
    if (result<void> const marked = manage::apply_marks(made->book, *made->store, *made->directory, now);
        !marked) {
        return marked.error();
    }
    if (result<void> const loaded = load_end_users(made->book, *made->directory, made->options, now);
        !loaded) {
        return loaded.error();
    }
    implementation& kept = *made;
    made->directory->on_change([&kept](ledger::record_changes const& changes) {
        ledger::moment const then = ledger_now();
        std::vector<ledger::owned_budget> const unknown =
            ledger::follow(kept.book, *kept.directory, changes, then);
        if (!unknown.empty()) {
            kept.store->flush(
                flush_patience); // what these owners have spent must be on the disk to be summed
            static_cast<void>(ledger::load_budgets(kept.book, *kept.store, unknown, then));
            static_cast<void>(manage::apply_marks(kept.book, *kept.store, *kept.directory, then));
        }
        if (touches(changes, ledger::record_kind::budget, kept.options.end_user_budget_id)) {
            kept.book.set_default(ledger::scope_kind::end_user,
                                  end_user_budget(*kept.directory, kept.options), then);
        }
    });
    made->waiting.emplace(
        [&kept] { kept.limiter.tidy(std::chrono::steady_clock::now().time_since_epoch()); });
    return std::unique_ptr<accounts>(new accounts(std::move(made)));
}

ledger::directory& accounts::directory() noexcept
{
    return *impl_->directory;
}

ledger::book& accounts::book() noexcept
{
    return impl_->book;
}

ledger::rate_limiter& accounts::limiter() noexcept
{
    return impl_->limiter;
}

ledger::store& accounts::store() noexcept
{
    return *impl_->store;
}

ledger::key_digester const& accounts::digester() const noexcept
{
    return *impl_->digester;
}

accounts_options const& accounts::options() const noexcept
{
    return impl_->options;
}

bool accounts::limits_end_users() const
{
    std::optional<ledger::budget> const usual = end_user_budget(*impl_->directory, impl_->options);
    return usual && usual->limit;
}

void accounts::finish()
{
    impl_->waiting->close();
}

bool accounts::later(std::function<void()> work)
{
    return impl_->waiting->add(std::move(work));
}

} // namespace cogate::server

#include "lib/server/accounts.hpp"

#include "lib/core/ids.hpp"
#include "lib/ledger/accounts/obligations.hpp"
#include "lib/server/account.hpp"
#include "lib/server/desk.hpp"
#include "lib/server/end_user_budgets.hpp"
#include "lib/server/manage/spending.hpp"
#include "lib/server/pepper.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

namespace cogate::server {
namespace {

// Pieces of work that wait for the disk: more than this and the gateway says so.
constexpr std::size_t most_changes = 256;
constexpr std::size_t most_reports = 64; // a report may be some MiB

constexpr std::chrono::seconds flush_patience{5};

ledger::owned_budget const* find_owner(std::vector<ledger::owned_budget> const& in,
                                       ledger::scope const& owner)
{
    auto const is_it = [&](ledger::owned_budget const& b) { return b.owner == owner; };
    auto const found = std::find_if(in.begin(), in.end(), is_it);
    return found == in.end() ? nullptr : &*found;
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

    std::shared_ptr<accounts_terms const> terms() const
    {
        std::lock_guard const lock(terms_mutex);
        return current;
    }

    /// Changes of records and of terms, one after the other.
    void heard(ledger::record_changes const& changes);
    result<void> change_terms(accounts_terms fresh);
    /// Sets budgets, and what their windows have spent by the ledger's rows, which must be on the disk for that.
    result<void> load(std::span<ledger::owned_budget const> budgets, ledger::moment now);

    accounts_options options;
    ledger::book book;
    ledger::rate_limiter limiter;
    ledger::standing_obligations obligations{book};
    std::optional<ledger::key_digester> digester;
    std::unique_ptr<ledger::store> store;
    std::unique_ptr<ledger::record_store> records;
    std::unique_ptr<ledger::directory> directory;
    std::mutex changing;
    mutable std::mutex terms_mutex;
    std::shared_ptr<accounts_terms const> current;
    std::optional<desk> reports; ///< last: their work uses the others
    std::optional<desk> changes;
};

result<void> accounts::implementation::load(std::span<ledger::owned_budget const> budgets, ledger::moment now)
{
    if (budgets.empty()) {
        return {};
    }
    store->flush(flush_patience);
    result<void> loaded = ledger::load_budgets(book, *store, budgets, now);
    return loaded ? manage::apply_marks(book, *store, *directory, now) : loaded;
}

void accounts::implementation::heard(ledger::record_changes const& changed)
{
    std::lock_guard const lock(changing);
    ledger::moment const now = ledger_now();
    static_cast<void>(load(ledger::follow(book, *directory, changed, now), now));
    std::shared_ptr<accounts_terms const> const at = terms();
    if (touches(changed, ledger::record_kind::budget, at->end_user_budget_id)) {
        book.set_default(ledger::scope_kind::end_user, end_user_budget(*directory, *at), now);
    }
}

result<void> accounts::implementation::change_terms(accounts_terms fresh)
{
    std::lock_guard const lock(changing);
    ledger::moment const now = ledger_now();
    std::shared_ptr<accounts_terms const> const before = terms();
    std::vector<ledger::owned_budget> changed;
    for (ledger::owned_budget const& one : fresh.configured) {
        ledger::owned_budget const* const old = find_owner(before->configured, one.owner);
        if (old == nullptr || !(old->terms == one.terms)) {
            changed.push_back(one);
        }
    }
    if (end_user_budget(*directory, fresh) != end_user_budget(*directory, *before)) {
        store->flush(flush_patience);
        if (result<void> const loaded = load_end_users(book, *directory, options.store.path, fresh, now);
            !loaded) {
            return loaded;
        }
    }
    if (result<void> const loaded = load(changed, now); !loaded) {
        book.set_default(ledger::scope_kind::end_user, end_user_budget(*directory, *before), now);
        return loaded;
    }
    for (ledger::owned_budget const& old : before->configured) {
        if (find_owner(fresh.configured, old.owner) == nullptr) {
            book.remove_budget(old.owner, now);
        }
    }
    auto const shared = std::make_shared<accounts_terms const>(std::move(fresh));
    std::lock_guard const swap(terms_mutex);
    current = shared;
    return {};
}

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
    made->current = std::make_shared<accounts_terms const>(std::move(made->options.terms));
    accounts_terms const& terms = *made->current;
    budgets.insert(budgets.end(), terms.configured.begin(), terms.configured.end());
    if (result<void> const loaded = ledger::load_budgets(made->book, *made->store, budgets, now); !loaded) {
        return loaded.error();
    }
    if (result<void> const marked = manage::apply_marks(made->book, *made->store, *made->directory, now);
        !marked) {
        return marked.error();
    }
    if (result<void> const loaded =
            load_end_users(made->book, *made->directory, made->options.store.path, terms, now);
        !loaded) {
        return loaded.error();
    }
    made->directory->set_limits(terms.limits);
    implementation& kept = *made;
    made->directory->on_change([&kept](ledger::record_changes const& changed) {
        kept.obligations.forget();
        kept.heard(changed);
    });
    made->reports.emplace(most_reports);
    made->changes.emplace(
        most_changes, [&kept] { kept.limiter.tidy(std::chrono::steady_clock::now().time_since_epoch()); });
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

ledger::standing_obligations& accounts::obligations() noexcept
{
    return impl_->obligations;
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

std::shared_ptr<accounts_terms const> accounts::terms() const
{
    return impl_->terms();
}

result<void> accounts::change_terms(accounts_terms fresh)
{
    ledger::record_limits const limits = fresh.limits;
    result<void> changed = impl_->change_terms(std::move(fresh));
    if (changed) {
        impl_->directory->set_limits(
            limits); // waits for a change that is being made, which waits for `changing`
    }
    return changed;
}

void accounts::finish()
{
    impl_->changes->close();
    impl_->reports->close();
}

bool accounts::later(std::function<void()> work)
{
    return impl_->changes->add(std::move(work));
}

bool accounts::report_later(std::function<void()> work)
{
    return impl_->reports->add(std::move(work));
}

} // namespace cogate::server

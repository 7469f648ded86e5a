#include "transports/http/dns_cache.hpp"

#include "transports/runtime/waiter.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

namespace cogate::transports {

namespace asio = boost::asio;

struct dns_cache::entry {
    std::vector<asio::ip::address> addresses;
    steady_time fresh_until{};
    steady_time stale_until{};
    std::string why; ///< of the last failed lookup
    bool looking_up = false;
    std::vector<waiter*> waiters;
};

/// Where a lookup's thread delivers. It may outlive the cache, which then has taken its name off.
struct dns_cache::mailbox {
    std::mutex mutex;
    dns_cache* owner;
};

/// A waiter in an entry's list, taken out however the wait ends.
class dns_cache::pending_wait {
public:
    pending_wait(std::shared_ptr<entry> what, timers& clock) : what_(std::move(what)), waiter_(clock)
    {
        what_->waiters.push_back(&waiter_);
    }
    ~pending_wait() { std::erase(what_->waiters, &waiter_); }
    pending_wait(pending_wait const&) = delete;
    pending_wait& operator=(pending_wait const&) = delete;

    entry& what() noexcept { return *what_; }
    waiter& wait() noexcept { return waiter_; }

private:
    std::shared_ptr<entry> what_;
    waiter waiter_;
};

asio::execution_context::id dns_cache::id;

dns_cache::dns_cache(asio::execution_context& context)
    : asio::execution_context::service(context),
      context_(static_cast<asio::io_context&>(context)),
      lookup_(&system_lookup),
      mailbox_(std::make_shared<mailbox>())
{
    timers::of(context);
    mailbox_->owner = this;
}

dns_cache::~dns_cache() = default;

dns_cache& dns_cache::of(asio::execution_context& context)
{
    return asio::use_service<dns_cache>(context);
}

void dns_cache::use_lookup(lookup replacement) noexcept
{
    lookup_ = replacement != nullptr ? replacement : &system_lookup;
}

void dns_cache::shutdown()
{
    const std::lock_guard lock(mailbox_->mutex);
    mailbox_->owner = nullptr;
}

std::shared_ptr<dns_cache::entry> dns_cache::entry_of(std::string const& host)
{
    if (entries_.size() >= max_entries && !entries_.contains(host)) {
        std::erase_if(entries_, [](auto const& item) { return !item.second->looking_up; });
    }
    std::shared_ptr<entry>& found = entries_[host];
    if (!found) {
        found = std::make_shared<entry>();
    }
    return found;
}

void dns_cache::start(std::string const& host, entry& what)
{
    if (lookups_ >= max_lookups) {
        what.why = "too many lookups are under way";
        return;
    }
    try {
        std::thread worker([box = mailbox_, look = lookup_, host]() {
            name_answer answer = look(host);
            const std::lock_guard lock(box->mutex);
            if (dns_cache* const owner = box->owner) {
                asio::post(owner->context_, [owner, host, answer = std::move(answer)]() mutable {
                    owner->finish(host, std::move(answer));
                });
            }
        });
        worker.detach();
        what.looking_up = true;
        ++lookups_;
    } catch (std::system_error const&) {
        what.why = "no thread could be started for the lookup";
    }
}

void dns_cache::remember(std::string const& host, std::vector<asio::ip::address> addresses)
{
    const std::shared_ptr<entry> what = entry_of(host);
    what->addresses = std::move(addresses);
    what->fresh_until = timers::of(context_).now() + fresh_time;
    what->stale_until = what->fresh_until + stale_time;
}

void dns_cache::finish(std::string const& host, name_answer answer)
{
    --lookups_;
    const std::shared_ptr<entry> what = entry_of(host);
    what->looking_up = false;
    what->why = std::move(answer.why);
    if (!answer.addresses.empty()) {
        remember(host, std::move(answer.addresses));
    }
    for (waiter* one : what->waiters) {
        one->notify();
    }
}

asio::awaitable<dns_cache::resolution> dns_cache::resolve(std::string const& host, steady_time deadline)
{
    resolution out;
    boost::system::error_code not_an_address;
    const asio::ip::address numeric = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        out.result = outcome::found;
        out.addresses.push_back(numeric);
        co_return out;
    }
    timers& clock = timers::of(context_);
    pending_wait pending(entry_of(host), clock);
    entry& what = pending.what();
    if (clock.now() >= what.fresh_until && !what.looking_up) {
        start(host, what);
    }
    const bool stale_in_hand = clock.now() < what.stale_until;
    boost::system::error_code why;
    if (clock.now() >= what.fresh_until && what.looking_up) {
        const steady_time patience = stale_in_hand ? clock.now() + stale_patience : deadline;
        std::tuple<boost::system::error_code> waited =
            co_await pending.wait().wait_until(std::min(patience, deadline), asio::as_tuple(asio::deferred));
        why = std::get<0>(waited);
    }
    if (why == asio::error::operation_aborted) {
        out.result = outcome::cancelled;
    } else if (clock.now() < what.stale_until) {
        out.result = outcome::found;
        out.addresses = what.addresses;
    } else {
        out.result = why ? outcome::timed_out : outcome::failed;
        out.why = what.why;
    }
    co_return out;
}

void dns_cache::prefer(std::string const& host, asio::ip::address const& address) noexcept
{
    const auto found = entries_.find(host);
    if (found == entries_.end()) {
        return;
    }
    std::vector<asio::ip::address>& known = found->second->addresses;
    const auto place = std::find(known.begin(), known.end(), address);
    if (place != known.end()) {
        std::rotate(known.begin(), place, place + 1);
    }
}

} // namespace cogate::transports

#include "lib/engine/observer_hub.hpp"

#include "transports/runtime/service_of.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace asio = boost::asio;

namespace cogate {

asio::awaitable<void> observer::on_start(call_facts_ptr)
{
    co_return;
}
asio::awaitable<void> observer::on_first_token(call_facts_ptr, std::chrono::nanoseconds)
{
    co_return;
}
asio::awaitable<void> observer::on_success(call_facts_ptr, call_outcome_ptr)
{
    co_return;
}
asio::awaitable<void> observer::on_failure(call_facts_ptr, call_outcome_ptr)
{
    co_return;
}

namespace engine {

struct observer_hub::event {
    enum class kind { start, first_token, success, failure };
    kind what;
    call_facts_ptr call;
    call_outcome_ptr outcome{};
    std::chrono::nanoseconds after{0};
};

class observer_hub::queue {
public:
    queue(std::shared_ptr<observer_hub> its_hub, std::shared_ptr<observer> listener)
        : owner(std::move(its_hub)), who(std::move(listener))
    {}

    asio::awaitable<void> deliver(event const& e) const
    {
        switch (e.what) {
        case event::kind::start: return who->on_start(e.call);
        case event::kind::first_token: return who->on_first_token(e.call, e.after);
        case event::kind::success: return who->on_success(e.call, e.outcome);
        case event::kind::failure: break;
        }
        return who->on_failure(e.call, e.outcome);
    }

    // Shared with the hub only while events wait, so that an idle context does not keep a gateway alive.
    std::shared_ptr<observer_hub> owner;
    std::shared_ptr<observer> who;
    std::deque<event> waiting;
    bool draining = true;
};

/// The queues of one io_context, for all hubs that are used on it.
class observer_hub::queues final : public asio::execution_context::service {
public:
    using key_type = queues;
    static asio::execution_context::id id;

    explicit queues(asio::execution_context& context) : service(context) {}

    std::weak_ptr<queue>& of(observer_hub const* owner, std::size_t index)
    {
        return by_owner_[{owner, index}];
    }

private:
    void shutdown() override
    {
        ++transports::contexts_ended();
        by_owner_.clear();
    }

    std::map<std::pair<observer_hub const*, std::size_t>, std::weak_ptr<queue>> by_owner_;
};

asio::execution_context::id observer_hub::queues::id;

observer_hub::observer_hub(std::vector<std::shared_ptr<observer>> observers)
{
    for (std::shared_ptr<observer>& who : observers) {
        if (who) {
            observer::interests const wants = who->wants();
            observers_.push_back({std::move(who), wants});
        }
    }
}

void observer_hub::push(asio::any_io_executor const& on, std::size_t listener_index, event&& what)
{
    asio::execution_context& context = asio::query(on, asio::execution::context);
    std::weak_ptr<queue>& place = transports::service_of<queues>(context).of(this, listener_index);
    std::shared_ptr<queue> work = place.lock();
    if (!work || !work->draining) {
        work = std::make_shared<queue>(shared_from_this(), observers_[listener_index].who);
        place = work;
        work->waiting.push_back(std::move(what));
        // Posted: the caller is answered first, and calls that end in the same turn share one coroutine.
        asio::post(on, [on, work = std::move(work)]() mutable {
            asio::co_spawn(on, drain(std::move(work)), asio::detached);
        });
        return;
    }
    if (work->waiting.size() >= queue_limit) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    work->waiting.push_back(std::move(what));
}

asio::awaitable<void> observer_hub::drain(std::shared_ptr<queue> work)
{
    while (!work->waiting.empty()) {
        event const next = std::move(work->waiting.front());
        work->waiting.pop_front();
        try {
            asio::awaitable<void> step = work->deliver(next);
            co_await std::move(step);
        } catch (...) {
            work->owner->thrown_.fetch_add(1, std::memory_order_relaxed);
        }
    }
    work->draining = false;
}

void observer_hub::started(asio::any_io_executor const& on, call_facts_ptr const& call)
{
    for (std::size_t i = 0; i != observers_.size(); ++i) {
        if (observers_[i].wants.start) {
            push(on, i, {event::kind::start, call});
        }
    }
}

void observer_hub::first_token(asio::any_io_executor const& on, call_facts_ptr const& call,
                               std::chrono::nanoseconds after)
{
    for (std::size_t i = 0; i != observers_.size(); ++i) {
        if (observers_[i].wants.first_token) {
            push(on, i, {event::kind::first_token, call, nullptr, after});
        }
    }
}

void observer_hub::finished(asio::any_io_executor const& on, call_facts_ptr const& call,
                            call_outcome_ptr outcome)
{
    bool const failed = outcome->error.has_value();
    for (std::size_t i = 0; i != observers_.size(); ++i) {
        observer::interests const& wants = observers_[i].wants;
        if (failed ? wants.failure : wants.success) {
            push(on, i, {failed ? event::kind::failure : event::kind::success, call, outcome});
        }
    }
}

gateway::observer_faults observer_hub::faults() const noexcept
{
    return {dropped_.load(std::memory_order_relaxed), thrown_.load(std::memory_order_relaxed)};
}

} // namespace engine
} // namespace cogate

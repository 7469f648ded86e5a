#include "transports/runtime/timers_state.hpp"

#include <algorithm>
#include <utility>

namespace cogate::transports {

timers::state::state(boost::asio::io_context& context) : context_(context), timer_(std::in_place, context) {}

timers::state::~state() = default;

steady_time timers::state::now() const noexcept
{
    return virtual_now_ ? *virtual_now_ : std::chrono::steady_clock::now();
}

void timers::state::use_virtual_time() noexcept
{
    virtual_now_ = std::chrono::steady_clock::now();
}

void timers::state::shutdown()
{
    timer_.reset();
}

void timers::state::enlist()
{
    // Room for every member now, so that arming later cannot fail.
    if (heap_.capacity() <= members_) {
        heap_.reserve(std::max<std::size_t>(16, 2 * members_));
    }
    ++members_;
}

void timers::state::delist(watchdog& member) noexcept
{
    disarm(member);
    if (member.position_ != watchdog::unqueued) {
        remove(member);
    }
    --members_;
}

void timers::state::arm(watchdog& member, steady_time deadline) noexcept
{
    if (deadline == steady_time::max()) {
        disarm(member);
        return;
    }
    if (!member.armed()) {
        count(member, true);
    }
    member.deadline_ = deadline;
    if (member.position_ == watchdog::unqueued) {
        member.queued_for_ = deadline;
        heap_.push_back(&member);
        member.position_ = heap_.size() - 1;
        sift_up(member.position_);
    } else if (deadline < member.queued_for_) {
        member.queued_for_ = deadline;
        sift_up(member.position_);
    }
    if (heap_.front()->queued_for_ < wake_ || waits_ == 0) {
        schedule();
    }
}

void timers::state::disarm(watchdog& member) noexcept
{
    if (member.armed()) {
        member.deadline_ = steady_time::max();
        count(member, false);
    }
}

void timers::state::count(watchdog const& member, bool armed) noexcept
{
    if (member.kind_ != watchdog::kind::foreground) {
        return;
    }
    foreground_ += armed ? 1U : static_cast<std::size_t>(-1);
    hold_work(foreground_ != 0);
}

// An asio wait counts as work until its handler has run. Cancelling it whenever the last deadline is disarmed
// would cost a system call per exchange; taking back its count is an atomic decrement.
void timers::state::hold_work(bool wanted) noexcept
{
    if (wanted == holds_work_) {
        return;
    }
    holds_work_ = wanted;
    for (unsigned i = 0; i < waits_; ++i) {
        if (wanted) {
            context_.get_executor().on_work_started();
        } else {
            context_.get_executor().on_work_finished();
        }
    }
}

void timers::state::schedule() noexcept
{
    if (virtual_now_ || firing_ || !timer_ || heap_.empty()) {
        return;
    }
    wake_ = heap_.front()->queued_for_;
    // Replaces a wait that is under way: its handler still comes, and finds the generation in `waits_`.
    timer_->expires_at(wake_);
    ++waits_;
    timer_->async_wait([this](boost::system::error_code) { woken(); });
    if (!holds_work_) {
        context_.get_executor().on_work_finished();
    }
}

void timers::state::woken()
{
    if (!holds_work_) {
        // The count that the context takes off after this handler was given back before.
        context_.get_executor().on_work_started();
    }
    --waits_;
    if (waits_ != 0 || !timer_) {
        return;
    }
    wake_ = steady_time::max();
    fire_until(now());
    schedule();
}

void timers::state::fire_until(steady_time limit)
{
    firing_ = true;
    for (watchdog* first = earliest(); first != nullptr && first->deadline_ <= limit; first = earliest()) {
        if (virtual_now_) {
            virtual_now_ = std::max(*virtual_now_, first->deadline_);
        }
        remove(*first);
        disarm(*first);
        first->on_expire_(first->context_);
    }
    firing_ = false;
}

bool timers::state::advance_to_next()
{
    watchdog* const first = earliest();
    if (!virtual_now_ || first == nullptr) {
        return false;
    }
    fire_until(std::max(*virtual_now_, first->deadline_));
    return true;
}

void timers::state::advance_by(std::chrono::nanoseconds step)
{
    if (virtual_now_) {
        const steady_time target = *virtual_now_ + step;
        fire_until(target);
        virtual_now_ = target;
    }
}

// The watchdog whose deadline comes first, after putting those in their place that were moved or disarmed.
watchdog* timers::state::earliest() noexcept
{
    while (!heap_.empty()) {
        watchdog& first = *heap_.front();
        if (first.queued_for_ == first.deadline_) {
            return &first;
        }
        if (first.armed()) {
            first.queued_for_ = first.deadline_;
            sift_down(0);
        } else {
            remove(first);
        }
    }
    return nullptr;
}

void timers::state::place(watchdog& member, std::size_t position) noexcept
{
    heap_[position] = &member;
    member.position_ = position;
}

void timers::state::sift_up(std::size_t position) noexcept
{
    watchdog& member = *heap_[position];
    while (position > 0) {
        const std::size_t parent = (position - 1) / 2;
        if (heap_[parent]->queued_for_ <= member.queued_for_) {
            break;
        }
        place(*heap_[parent], position);
        position = parent;
    }
    place(member, position);
}

void timers::state::sift_down(std::size_t position) noexcept
{
    watchdog& member = *heap_[position];
    for (;;) {
        std::size_t child = 2 * position + 1;
        if (child + 1 < heap_.size() && heap_[child + 1]->queued_for_ < heap_[child]->queued_for_) {
            ++child;
        }
        if (child >= heap_.size() || heap_[child]->queued_for_ >= member.queued_for_) {
            break;
        }
        place(*heap_[child], position);
        position = child;
    }
    place(member, position);
}

void timers::state::remove(watchdog& member) noexcept
{
    const std::size_t position = member.position_;
    watchdog& last = *heap_.back();
    heap_.pop_back();
    member.position_ = watchdog::unqueued;
    if (&last != &member) {
        place(last, position);
        sift_up(position);
        sift_down(last.position_);
    }
}

} // namespace cogate::transports

#include "transports/polling/poller.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

namespace cogate::transports {

namespace {

[[noreturn]] void throw_errno(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

} // namespace

void poll_timer::arm(clock::time_point due)
{
    disarm();
    due_ = due;
    owner_.timers_.emplace(due_, this);
    armed_ = true;
}

void poll_timer::disarm() noexcept
{
    if (armed_) {
        owner_.timers_.erase({due_, this});
        armed_ = false;
    }
}

poller::poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (epoll_ < 0 || wake_ < 0) {
        throw_errno("cannot create an event loop");
    }
    epoll_event event{};
    event.events = EPOLLIN;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) != 0) {
        throw_errno("cannot create an event loop");
    }
}

poller::~poller()
{
    retired_.clear();
    ::close(wake_);
    ::close(epoll_);
}

void poller::watch(int descriptor, poll_source& source, std::uint32_t events)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = &source;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
        throw_errno("cannot watch a socket");
    }
}

void poller::change(int descriptor, poll_source& source, std::uint32_t events)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = &source;
    if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) != 0) {
        throw_errno("cannot watch a socket");
    }
}

void poller::forget(int descriptor, poll_source& source) noexcept
{
    epoll_event unused{};
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, &unused);
    for (int i = 0; i < batch_size_; ++i) {
        if (batch_[i].data.ptr == &source) {
            batch_[i].data.ptr = nullptr;
        }
    }
}

void poller::retire(std::unique_ptr<poll_source> source)
{
    retired_.push_back(std::move(source));
}

int poller::wait(epoll_event* events, int capacity)
{
    if (timers_.empty()) {
        return ::epoll_wait(epoll_, events, capacity, -1);
    }
    const auto left = timers_.begin()->first - poll_timer::clock::now();
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
    timespec limit{};
    if (nanoseconds > 0) {
        limit.tv_sec = nanoseconds / 1'000'000'000;
        limit.tv_nsec = nanoseconds % 1'000'000'000;
    }
    const int ready = ::epoll_pwait2(epoll_, events, capacity, &limit, nullptr);
    if (ready >= 0 || errno != ENOSYS) {
        return ready;
    }
    return ::epoll_wait(epoll_, events, capacity,
                        nanoseconds > 0 ? static_cast<int>(nanoseconds / 1'000'000 + 1) : 0);
}

void poller::run_due_timers()
{
    if (timers_.empty()) {
        return;
    }
    const auto now = poll_timer::clock::now();
    while (!timers_.empty() && timers_.begin()->first <= now) {
        poll_timer& timer = *timers_.begin()->second;
        timer.disarm();
        timer.on_due_(timer.context_);
    }
}

void poller::run()
{
    // The kernel may otherwise bundle this thread's timers in steps of 50 us.
    ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    std::array<epoll_event, 256> events;
    while (!stopped_.load(std::memory_order_acquire)) {
        const int ready = wait(events.data(), static_cast<int>(events.size()));
        if (ready < 0 && errno != EINTR) {
            throw_errno("the event loop failed");
        }
        batch_ = events.data();
        batch_size_ = ready > 0 ? ready : 0;
        for (int i = 0; i < batch_size_; ++i) {
            if (events[static_cast<std::size_t>(i)].data.ptr != nullptr) {
                const epoll_event event = events[static_cast<std::size_t>(i)];
                static_cast<poll_source*>(event.data.ptr)->on_ready(event.events);
            }
        }
        batch_size_ = 0;
        run_due_timers();
        retired_.clear();
    }
}

void poller::stop() noexcept
{
    stopped_.store(true, std::memory_order_release);
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

} // namespace cogate::transports

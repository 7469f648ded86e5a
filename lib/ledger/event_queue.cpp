#include "lib/ledger/event_queue.hpp"

#include <algorithm>
#include <utility>

namespace cogate::ledger {

namespace {

failure unavailable(std::string why, char const* code)
{
    return failure{error_kind::service_unavailable, std::move(why)}.with_code(code);
}

constexpr bool closes(event_kind kind) noexcept
{
    return kind == event_kind::settle || kind == event_kind::voided;
}

} // namespace

result<void> event_queue::check_new_work(std::size_t bytes) const
{
    if (closed_) {
        return unavailable("the ledger is closed", "ledger_unavailable");
    }
    if (failing_) {
        return unavailable("the ledger cannot write at the moment: " + why_, "ledger_unavailable");
    }
    if (rows_ + open_ + 2 > most_.rows || bytes_ + open_bytes_ + 2 * bytes > most_.bytes) {
        return unavailable("the ledger's queue is full", "ledger_full");
    }
    return {};
}

result<void> event_queue::push(event e, acknowledgement done)
{
    if (result<void> const fits = validate(e); fits.has_error()) {
        return fits.error();
    }
    std::size_t const bytes = memory_of(e);
    instant const now = clock::now();
    bool wake = false;
    {
        std::lock_guard const lock(mutex_);
        bool const has_place = !closed_ && e.kind != event_kind::reserve && open_ != 0;
        if (result<void> const place = has_place ? result<void>{} : check_new_work(bytes);
            place.has_error()) {
            return place.error();
        }
        if (e.kind == event_kind::reserve) {
            ++open_;
            open_bytes_ += bytes;
        } else if (closes(e.kind) && open_ != 0) {
            --open_;
            open_bytes_ = open_ == 0 ? 0 : open_bytes_ - std::min(open_bytes_, bytes);
        }
        waiting_.add(std::move(e), std::move(done), bytes, now);
        ++rows_;
        bytes_ += bytes;
        ++taken_;
        wake = wakes_at_ > now && due() < wakes_at_;
        wakes_at_ = wake ? instant::min() : wakes_at_; // once is enough
    }
    if (wake) {
        work_.notify_one();
    }
    return {};
}

result<void> event_queue::ready() const
{
    std::lock_guard const lock(mutex_);
    return check_new_work(sizeof(event));
}

bool event_queue::wait_until_done(std::chrono::milliseconds at_most)
{
    std::unique_lock lock(mutex_);
    std::uint64_t const all = taken_;
    ++flushing_;
    work_.notify_one();
    bool const done = idle_.wait_for(lock, at_most, [&] { return done_ >= all; });
    --flushing_;
    return done;
}

void event_queue::close()
{
    {
        std::lock_guard const lock(mutex_);
        closed_ = true;
    }
    work_.notify_all();
}

bool event_queue::is_closed() const
{
    std::lock_guard const lock(mutex_);
    return closed_;
}

void event_queue::figures(store_figures& into) const
{
    std::lock_guard const lock(mutex_);
    into.is_failing = failing_;
    into.why = why_;
    into.queued_rows = rows_;
    into.queued_bytes = bytes_;
}

event_queue::instant event_queue::due() const noexcept
{
    if (waiting_.size() == 0) {
        return closed_ ? instant::min() : instant::max();
    }
    if (closed_ || flushing_ != 0 || waiting_.size() >= batch_) {
        return instant::min();
    }
    instant out = instant::max();
    if (waiting_.has_urgent()) {
        out = open_ == 0 ? instant::min() : last_urgent_ + most_.gather;
    }
    if (waiting_.patient_since() != instant::max()) {
        // Twice in a linger, so that what came just after one look is not older at the next.
        out = std::min(out, std::max(waiting_.patient_since(), last_sweep_) + most_.linger / 2);
    }
    return out;
}

void event_queue::sleep_until(instant when, std::unique_lock<std::mutex>& lock)
{
    wakes_at_ = when;
    if (when == instant::max()) {
        work_.wait(lock);
    } else {
        work_.wait_until(lock, when);
    }
    wakes_at_ = instant::min();
}

std::vector<pending_ptr> event_queue::take(std::size_t most)
{
    std::unique_lock lock(mutex_);
    batch_ = most;
    std::vector<pending_ptr> out;
    while (out.empty() && !(closed_ && waiting_.size() == 0)) {
        instant const now = clock::now();
        if (instant const when = due(); when > now) {
            // Under load the next work comes about then: nobody has to wake the writer for it.
            instant const rhythm = last_urgent_ + most_.gather;
            sleep_until(rhythm > now ? std::min(when, rhythm) : when, lock);
            continue;
        }
        last_urgent_ = waiting_.has_urgent() ? now : last_urgent_;
        bool const all = closed_ || flushing_ != 0 || waiting_.size() >= most;
        waiting_.take(out, most, all ? instant::max() : now - most_.linger / 2);
        last_sweep_ = out.size() < most ? now : last_sweep_;
    }
    return out;
}

void event_queue::done(std::vector<pending_ptr> const& attempts)
{
    {
        std::lock_guard const lock(mutex_);
        for (pending_ptr const& one : attempts) {
            bytes_ -= one->bytes;
            rows_ -= one->events;
            done_ += one->events;
        }
    }
    idle_.notify_all();
}

void event_queue::pause(std::chrono::milliseconds length)
{
    std::unique_lock lock(mutex_);
    work_.wait_for(lock, length, [this] { return closed_; });
}

void event_queue::set_failing(bool failing, std::string why)
{
    std::lock_guard const lock(mutex_);
    failing_ = failing;
    why_ = std::move(why);
}

} // namespace cogate::ledger

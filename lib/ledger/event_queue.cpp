#include "lib/ledger/event_queue.hpp"

#include <algorithm>
#include <iterator>
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
        bool const is_urgent = static_cast<bool>(done);
        wake = waiting_.empty() || (is_urgent && urgent_ == 0);
        urgent_ += is_urgent ? 1 : 0;
        waiting_.push_back({std::move(e), std::move(done), bytes});
        ++rows_;
        bytes_ += bytes;
        ++taken_;
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
    ++urgent_;
    work_.notify_one();
    bool const done = idle_.wait_for(lock, at_most, [&] { return done_ >= all; });
    --urgent_;
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

std::vector<event_queue::item> event_queue::take(std::size_t most)
{
    std::unique_lock lock(mutex_);
    work_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
    work_.wait_for(lock, most_.linger, [&] { return closed_ || urgent_ != 0 || waiting_.size() >= most; });
    auto const end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
    std::vector<item> out(std::move_iterator(waiting_.begin()), std::move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    urgent_ -= static_cast<std::size_t>(
        std::count_if(out.begin(), out.end(), [](item const& i) { return static_cast<bool>(i.done); }));
    return out;
}

void event_queue::done(std::vector<item> const& items)
{
    {
        std::lock_guard const lock(mutex_);
        for (item const& i : items) {
            bytes_ -= i.bytes;
        }
        rows_ -= items.size();
        done_ += items.size();
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

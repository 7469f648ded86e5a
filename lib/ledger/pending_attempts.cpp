#include "lib/ledger/pending_attempts.hpp"

#include "lib/core/hash.hpp"

#include <algorithm>
#include <utility>

namespace cogate::ledger {

namespace {

constexpr std::size_t first_buckets = 64;

} // namespace

pending_attempts::pending_attempts() : buckets_(first_buckets) {}

pending_attempts::~pending_attempts()
{
    for (fifo* const list : {&urgent_, &ended_, &open_}) {
        list->clear_and_dispose([](pending_attempt* one) { delete one; });
    }
}

pending_attempt* pending_attempts::find(std::string_view request_id, std::uint32_t attempt,
                                        std::uint64_t hash) const noexcept
{
    for (pending_attempt* one = buckets_[hash & (buckets_.size() - 1)]; one != nullptr; one = one->next_) {
        if (one->hash_ == hash && one->row.attempt == attempt && one->row.request_id == request_id) {
            return one;
        }
    }
    return nullptr;
}

pending_attempts::fifo& pending_attempts::list_of(pending_attempt const& one) noexcept
{
    using place = pending_attempt::place;
    return one.place_ == place::urgent ? urgent_ : (one.place_ == place::ended ? ended_ : open_);
}

void pending_attempts::insert(pending_attempt& one)
{
    if (size_ == buckets_.size()) {
        std::vector<pending_attempt*> more(2 * buckets_.size());
        for (pending_attempt* each : buckets_) {
            while (each != nullptr) {
                pending_attempt* const next = each->next_;
                each->next_ = std::exchange(more[each->hash_ & (more.size() - 1)], each);
                each = next;
            }
        }
        buckets_ = std::move(more);
    }
    one.next_ = std::exchange(buckets_[one.hash_ & (buckets_.size() - 1)], &one);
    ++size_;
}

void pending_attempts::add(event&& e, acknowledgement&& done, std::size_t bytes, instant now)
{
    using place = pending_attempt::place;
    std::uint64_t const hash = core::hash64(e.request_id, e.attempt);
    pending_attempt* one = find(e.request_id, e.attempt, hash);
    event_kind const kind = e.kind;
    bool counts = true;
    if (one == nullptr) {
        auto made = std::make_unique<pending_attempt>();
        made->row = entry_of(std::move(e));
        made->hash_ = hash;
        made->since_ = now;
        insert(*made);
        one = made.release();
        open_.push_back(*one);
    } else {
        counts = merge(one->row, entry_of(std::move(e))) != 0;
    }
    ++one->events;
    one->bytes += bytes;
    place to = one->row.is_closed() ? std::max(one->place_, place::ended) : one->place_;
    if (done) {
        one->promises.push_back({std::move(done), kind, counts});
        to = place::urgent;
    }
    if (to != one->place_) {
        list_of(*one).erase(fifo::s_iterator_to(*one));
        one->place_ = to;
        list_of(*one).push_back(*one);
    }
    if (to != place::urgent) {
        patient_since_ = std::min(patient_since_, now);
    }
}

pending_ptr pending_attempts::remove(fifo& from)
{
    pending_ptr one(&from.front());
    from.pop_front();
    pending_attempt** link = &buckets_[one->hash_ & (buckets_.size() - 1)];
    while (*link != one.get()) {
        link = &(*link)->next_;
    }
    *link = std::exchange(one->next_, nullptr);
    --size_;
    return one;
}

void pending_attempts::take(std::vector<pending_ptr>& out, std::size_t most, instant until)
{
    for (fifo* const list : {&urgent_, &ended_, &open_}) {
        bool const is_open = list == &open_;
        while (out.size() < most && !list->empty() && (!is_open || list->front().since_ <= until)) {
            out.push_back(remove(*list));
        }
    }
    if (ended_.empty()) {
        patient_since_ = open_.empty() ? instant::max() : open_.front().since_;
    }
}

} // namespace cogate::ledger

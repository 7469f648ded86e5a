#pragma once

#include "lib/ledger/entry.hpp"
#include "lib/ledger/store.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace cogate::ledger {

/// The events of one attempt on their way to the store, folded.
struct pending_attempt : boost::intrusive::list_base_hook<> {
    struct promise {
        acknowledgement done;
        event_kind kind;
        bool counts; ///< the first of its kind here
    };

    entry row;
    std::size_t events = 0;
    std::size_t bytes = 0;
    boost::container::small_vector<promise, 1> promises;

    /// What is to be told of an event, when `added` are the kinds that the store did not have before.
    static outcome told(promise const& of, std::uint8_t added) noexcept
    {
        bool const is_new = of.counts && (added & static_cast<std::uint8_t>(of.kind)) != 0;
        return is_new ? outcome::written : outcome::duplicate;
    }

private:
    friend class pending_attempts;
    enum class place : std::uint8_t { open, ended, urgent };

    std::uint64_t hash_ = 0;
    pending_attempt* next_ = nullptr; ///< in its bucket
    std::chrono::steady_clock::time_point since_{};
    place place_ = place::open;
};

using pending_ptr = std::unique_ptr<pending_attempt>;

/// Attempts that wait for the writer: found by their identity, taken in the order of their first event. Urgent ones
/// have an event that somebody waits for, ended ones know how the attempt ended, the others are open. Not thread-safe.
class pending_attempts {
public:
    using instant = std::chrono::steady_clock::time_point;

    pending_attempts();
    ~pending_attempts();
    pending_attempts(pending_attempts const&) = delete;
    pending_attempts& operator=(pending_attempts const&) = delete;

    /// Folds an event, which must be valid, into its attempt. `bytes` are counted by the owner.
    void add(event&& e, acknowledgement&& done, std::size_t bytes, instant now);

    std::size_t size() const noexcept { return size_; }
    bool has_urgent() const noexcept { return !urgent_.empty(); }
    /// No event that nobody waits for came earlier; instant::max() without any.
    instant patient_since() const noexcept { return patient_since_; }

    /// Moves what is urgent behind `out`, then what has ended, then open attempts whose first event came at `until` or
    /// earlier, while `out` has fewer than `most`.
    void take(std::vector<pending_ptr>& out, std::size_t most, instant until);

private:
    using fifo = boost::intrusive::list<pending_attempt, boost::intrusive::constant_time_size<false>>;

    pending_attempt* find(std::string_view request_id, std::uint32_t attempt,
                          std::uint64_t hash) const noexcept;
    fifo& list_of(pending_attempt const& one) noexcept;
    void insert(pending_attempt& one);
    pending_ptr remove(fifo& from);

    std::vector<pending_attempt*> buckets_; ///< a power of two
    std::size_t size_ = 0;
    fifo urgent_;
    fifo ended_;
    fifo open_;
    instant patient_since_ = instant::max();
};

} // namespace cogate::ledger

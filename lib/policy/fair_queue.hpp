#pragma once

#include <cogate/call_options.hpp>

#include "lib/policy/types.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace cogate::policy {

/// Who waits for room at a group, and who is next: interactive calls before batch ones, in the order of arrival within a
/// class. Batch does not starve: while some waits, it gets at least one place in eight. Bounded: where an interactive call
/// meets a full queue, the batch call that came last and was not called yet is shed for it.
/// Thread safety: none.
class fair_queue {
public:
    using ticket = std::uint64_t;

    explicit fair_queue(std::size_t capacity) noexcept : capacity_(capacity) {}

    struct entry {
        std::optional<ticket> mine{}; ///< empty: the queue is full
        std::optional<ticket> shed{}; ///< who had to leave for it
    };
    entry enter(call_priority priority);

    /// Whose turn it is. It stays in the queue until it leaves; a second call names the next one.
    std::optional<ticket> call_next();
    /// It did not find a place after all, and waits on where it was.
    void call_again(ticket who) noexcept;
    /// True: it had been called, so that the next one may look whether there is room still.
    bool leave(ticket who) noexcept;

    std::size_t size() const noexcept { return lines_[0].size() + lines_[1].size(); }

private:
    struct waiting {
        ticket number;
        bool called = false;
    };
    using line = std::deque<waiting>;
    static constexpr int most_in_a_row = 7; ///< interactive calls before a waiting batch call
    line& of(call_priority priority) noexcept { return lines_[priority == call_priority::batch ? 1 : 0]; }

    std::size_t capacity_;
    ticket last_ = 0;
    int in_a_row_ = 0;
    std::array<line, 2> lines_;
};

} // namespace cogate::policy

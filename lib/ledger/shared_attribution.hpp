#pragma once

#include "lib/ledger/scope.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace cogate::ledger {

/// An attribution that many events and rows share: copying it copies no name, and what is asked of it for every event
/// is known since it was made. An immutable value, equal by content; may be used by any thread.
class shared_attribution {
public:
    /// Nobody: every name is empty. Allocates nothing.
    shared_attribution() noexcept = default;
    explicit shared_attribution(attribution who);

    attribution const& operator*() const noexcept { return known().who; }
    attribution const* operator->() const noexcept { return &known().who; }

    /// is_valid() of it.
    bool is_valid() const noexcept { return known().is_valid; }
    /// Bytes of memory that its names take, roughly.
    std::size_t memory() const noexcept { return known().memory; }
    /// A hash of what is_alike() compares.
    std::uint64_t hash() const noexcept { return known().hash; }
    /// Whether all is equal but what a client can invent at will: the end user and the tags.
    bool is_alike(shared_attribution const& other) const noexcept;

    friend bool operator==(shared_attribution const& a, shared_attribution const& b) noexcept
    {
        return a.facts_ == b.facts_ || *a == *b;
    }

private:
    struct facts {
        attribution who;
        bool is_valid = true;
        std::size_t memory = 0;
        std::uint64_t hash = 0;
    };
    static facts const& nobody() noexcept;
    facts const& known() const noexcept { return facts_ != nullptr ? *facts_ : nobody(); }

    std::shared_ptr<facts const> facts_;
};

} // namespace cogate::ledger

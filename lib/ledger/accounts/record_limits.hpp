#pragma once

#include <cogate/result.hpp>

#include <cstddef>

namespace cogate::ledger {

class directory;
struct record_changes;

/// How many records there may be, so that who may make some cannot fill the memory: a record is some KiB. A plain value.
struct record_limits {
    std::size_t keys = 100'000;
    std::size_t keys_of_user = 10'000; ///< of each user
    std::size_t users = 100'000;
    std::size_t teams = 100'000;
    std::size_t end_users = 100'000;
    std::size_t others = 100'000;  ///< organisations, budgets and tags, of each kind
    std::size_t members = 100'000; ///< of one team or organisation

    friend bool operator==(record_limits const&, record_limits const&) = default;
};

/// Whether what changes adds still fits; what takes away, or leaves the number as it is, always does. `changes.before` must be
/// filled in. Failures: `invalid_request` (400), code "too_many_records". Linear in the keys where a key gets another user.
result<void> check_limits(record_limits const& most, directory const& in, record_changes const& changes);

} // namespace cogate::ledger

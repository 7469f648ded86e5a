#pragma once

#include "lib/core/hash.hpp"
#include "lib/ledger/scope.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cogate::ledger {

/// A scope on its way into a table by scopes: hashed once, looked up without a copy of its id. A plain value; the id must
/// outlive it.
struct hashed_scope {
    scope_kind kind;
    std::string_view id;
    std::size_t hash;
};

/// The key of such a table. A plain value.
struct stored_scope {
    scope name;
    std::size_t hash;
};

/// `seed` is random, so that no client can choose ids whose hashes collide.
inline hashed_scope hashed(scope const& s, std::uint64_t seed) noexcept
{
    std::uint64_t const mixed = seed + static_cast<std::uint64_t>(s.kind);
    return {s.kind, s.id, static_cast<std::size_t>(core::hash64(s.id, mixed))};
}

struct scope_hasher {
    using is_transparent = void;
    std::size_t operator()(stored_scope const& s) const noexcept { return s.hash; }
    std::size_t operator()(hashed_scope const& s) const noexcept { return s.hash; }
};

struct scope_equal {
    using is_transparent = void;
    bool operator()(stored_scope const& a, stored_scope const& b) const noexcept { return a.name == b.name; }
    bool operator()(stored_scope const& a, hashed_scope const& b) const noexcept
    {
        return a.name.kind == b.kind && a.name.id == b.id;
    }
    bool operator()(hashed_scope const& a, stored_scope const& b) const noexcept { return (*this)(b, a); }
};

} // namespace cogate::ledger

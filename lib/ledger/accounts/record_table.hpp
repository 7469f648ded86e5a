#pragma once

#include "lib/core/hash.hpp"
#include "lib/ledger/accounts/records.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cogate::ledger {

inline std::string const& id_of(key_record const& r) noexcept
{
    return r.digest;
}

template <class R>
std::string const& id_of(R const& r) noexcept requires requires
{
    r.id;
}
{
    return r.id;
}

/// All records of one kind by id, in shards of one short lock each. A look-up hashes the id with a seed that
/// no client knows, copies one pointer, and allocates nothing.
///
/// Thread safety: every function from any thread.
template <class R>
class record_table {
public:
    using pointer = std::shared_ptr<R const>;

    explicit record_table(std::uint64_t seed) : seed_(seed) {}

    pointer find(std::string_view id) const
    {
        hashed_id const wanted{id, hash(id)};
        shard const& in = at(wanted.hash);
        std::lock_guard const lock(in.mutex);
        auto const found = in.records.find(wanted);
        return found == in.records.end() ? nullptr : found->one;
    }

    void put(pointer one)
    {
        std::size_t const h = hash(id_of(*one));
        shard& in = at(h);
        pointer old; // freed without the lock
        std::lock_guard const lock(in.mutex);
        auto const [place, is_new] = in.records.insert({one, h});
        if (is_new) {
            size_.fetch_add(1, std::memory_order_relaxed);
        } else {
            old = std::exchange(place->one, std::move(one));
        }
    }

    void remove(std::string_view id)
    {
        hashed_id const wanted{id, hash(id)};
        shard& in = at(wanted.hash);
        pointer old;
        std::lock_guard const lock(in.mutex);
        auto const found = in.records.find(wanted);
        if (found != in.records.end()) {
            old = found->one;
            in.records.erase(found);
            size_.fetch_sub(1, std::memory_order_relaxed);
        }
    }

    /// The first for which `is_it` holds; it must not come back here.
    template <class Predicate>
    pointer find_if(Predicate is_it) const
    {
        for (shard const& in : shards_) {
            std::lock_guard const lock(in.mutex);
            auto const found = std::find_if(in.records.begin(), in.records.end(),
                                            [&](element const& e) { return is_it(*e.one); });
            if (found != in.records.end()) {
                return found->one;
            }
        }
        return nullptr;
    }

    /// By when they were made, then by id.
    std::vector<pointer> all() const
    {
        std::vector<pointer> out;
        out.reserve(size());
        for (shard const& in : shards_) {
            std::lock_guard const lock(in.mutex);
            for (element const& e : in.records) {
                out.push_back(e.one);
            }
        }
        std::sort(out.begin(), out.end(), [](pointer const& a, pointer const& b) {
            return std::pair<moment, std::string_view>(a->made.created_at, id_of(*a)) <
                   std::pair<moment, std::string_view>(b->made.created_at, id_of(*b));
        });
        return out;
    }

    std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

private:
    static constexpr std::size_t shard_count = 64;

    struct element {
        mutable pointer one; ///< replaced by one of the same id only
        std::size_t hash;
    };
    struct hashed_id {
        std::string_view id;
        std::size_t hash;
    };
    struct hasher {
        using is_transparent = void;
        std::size_t operator()(element const& e) const noexcept { return e.hash; }
        std::size_t operator()(hashed_id const& h) const noexcept { return h.hash; }
    };
    struct equal {
        using is_transparent = void;
        template <class A, class B>
        bool operator()(A const& a, B const& b) const noexcept
        {
            return name(a) == name(b);
        }
        static std::string_view name(element const& e) noexcept { return id_of(*e.one); }
        static std::string_view name(hashed_id const& h) noexcept { return h.id; }
    };
    struct alignas(64) shard {
        mutable std::mutex mutex;
        std::unordered_set<element, hasher, equal> records;
    };

    std::size_t hash(std::string_view id) const noexcept
    {
        return static_cast<std::size_t>(core::hash64(id, seed_));
    }
    // The high bits: the low ones choose the bucket inside.
    shard& at(std::size_t h) noexcept { return shards_[h >> 58]; }
    shard const& at(std::size_t h) const noexcept { return shards_[h >> 58]; }

    std::uint64_t seed_;
    std::array<shard, shard_count> shards_;
    std::atomic<std::size_t> size_{0};
};

} // namespace cogate::ledger

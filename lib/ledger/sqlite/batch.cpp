#include "lib/ledger/sqlite/batch.hpp"

#include "lib/core/hash.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cogate::ledger::sqlite {

namespace {

struct attempt_id {
    std::string_view request_id;
    std::uint32_t attempt;

    friend bool operator==(attempt_id const&, attempt_id const&) = default;
};

struct attempt_hash {
    std::size_t operator()(attempt_id const& id) const noexcept
    {
        return static_cast<std::size_t>(core::hash64(id.request_id, id.attempt));
    }
};

/// The events of one attempt, by their place in the batch, in the order of arrival.
struct group {
    attempt_id id;
    std::vector<std::size_t> events;
};

std::vector<group> grouped(std::span<event_queue::item const> items)
{
    std::vector<group> groups;
    std::unordered_map<attempt_id, std::size_t, attempt_hash> places;
    for (std::size_t i = 0; i != items.size(); ++i) {
        attempt_id const id{items[i].what.request_id, items[i].what.attempt};
        auto const [found, is_new] = places.emplace(id, groups.size());
        if (is_new) {
            groups.push_back({id, {}});
        }
        groups[found->second].events.push_back(i);
    }
    return groups;
}

class batch {
public:
    batch(tables& to, std::span<event_queue::item const> items)
        : to_(to),
          items_(items),
          retained_from_(to.retained_from()),
          outcomes_(items.size(), outcome::duplicate)
    {}

    std::vector<outcome> write()
    {
        for (group const& g : grouped(items_)) {
            write(g);
        }
        to_.add(sums_);
        return std::move(outcomes_);
    }

private:
    void write(group const& g)
    {
        entry row;
        if (hour_of(items_[g.events.front()].what.started) >= retained_from_) {
            fold(g, row);
            if (to_.insert(row)) {
                add_to(sums_, row);
                return;
            }
        }
        std::optional<entry> const stored = to_.find(g.id.request_id, g.id.attempt);
        if (!stored) {
            for (std::size_t const i : g.events) {
                outcomes_[i] = outcome::expired;
            }
            return;
        }
        row = *stored;
        if (fold(g, row)) {
            to_.replace(row);
            add_to(sums_, *stored, -1);
            add_to(sums_, row);
        }
    }

    bool fold(group const& g, entry& row)
    {
        bool changed = false;
        for (std::size_t const i : g.events) {
            bool const counts = merge(row, items_[i].what);
            outcomes_[i] = counts ? outcome::written : outcome::duplicate;
            changed = changed || counts;
        }
        return changed;
    }

    tables& to_;
    std::span<event_queue::item const> items_;
    std::int64_t retained_from_;
    std::vector<outcome> outcomes_;
    counter_sums sums_;
};

} // namespace

std::vector<outcome> write_batch(connection& in, tables& to, std::span<event_queue::item const> items)
{
    transaction work(in);
    std::vector<outcome> outcomes = batch(to, items).write();
    work.commit();
    return outcomes;
}

} // namespace cogate::ledger::sqlite

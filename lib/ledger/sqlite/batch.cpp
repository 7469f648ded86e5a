#include "lib/ledger/sqlite/batch.hpp"

#include "lib/ledger/sqlite/hourly_sums.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace cogate::ledger::sqlite {

namespace {

class batch {
public:
    explicit batch(tables& to) : to_(to), retained_from_(to.retained_from())
    {
        to.who().start_batch(retained_from_);
    }

    written_attempt write(entry const& row)
    {
        std::int64_t const hour = hour_of(row.started);
        if (hour < retained_from_) {
            return write_again(row);
        }
        std::int64_t const who = to_.who().find_or_add(row.who, row.started);
        // An end without its reservation: that lies in the store, almost always.
        bool const ends_a_stored_one = row.is_closed() && !row.has(event_kind::reserve);
        if ((ends_a_stored_one && to_.close(row, who)) || to_.insert(row, who)) {
            sums_.add({who, row.who->end_user, row.who->tags}, hour, counts_of(row));
            return {row.kinds, false};
        }
        return write_again(row);
    }

    void finish() { to_.counters().add(std::move(sums_).by_scope(to_.who())); }

private:
    /// Folds into what is stored; nothing else may be written.
    written_attempt write_again(entry const& row)
    {
        std::optional<entry> const before = to_.find(row.request_id, row.attempt);
        if (!before) {
            return {0, true};
        }
        entry merged = *before;
        std::uint8_t const added = merge(merged, row);
        if (added != 0) {
            replace(*before, merged);
        }
        return {added, false};
    }

    void replace(entry const& before, entry const& row)
    {
        std::int64_t const was = to_.who().find_or_add(before.who, before.started);
        std::int64_t const is = to_.who().find_or_add(row.who, row.started);
        to_.replace(row, is);
        sums_.take_away({was, before.who->end_user, before.who->tags}, hour_of(before.started),
                        counts_of(before));
        sums_.add({is, row.who->end_user, row.who->tags}, hour_of(row.started), counts_of(row));
    }

    tables& to_;
    std::int64_t retained_from_;
    hourly_sums sums_;
};

} // namespace

std::vector<written_attempt> write_batch(connection& in, tables& to, std::span<pending_ptr const> attempts)
{
    std::vector<written_attempt> out;
    out.reserve(attempts.size());
    try {
        transaction work(in);
        batch one(to);
        for (pending_ptr const& each : attempts) {
            out.push_back(one.write(each->row));
        }
        one.finish();
        work.commit();
    } catch (...) {
        to.forget();
        throw;
    }
    return out;
}

} // namespace cogate::ledger::sqlite

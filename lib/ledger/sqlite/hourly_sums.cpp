#include "lib/ledger/sqlite/hourly_sums.hpp"

#include "lib/core/hash.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace cogate::ledger::sqlite {

std::size_t hourly_sums::place_hash::operator()(place const& p) const noexcept
{
    std::uint64_t const hour = core::mix64(static_cast<std::uint64_t>(p.hour));
    return static_cast<std::size_t>(core::mix64(hour ^ static_cast<std::uint64_t>(p.who)));
}

template <class Apply>
void hourly_sums::change(owner const& of, std::int64_t hour, Apply apply)
{
    apply(by_attribution_[{of.who, hour}]);
    if (!of.end_user.empty()) {
        apply(by_client_[{{scope_kind::end_user, std::string(of.end_user)}, hour}]);
    }
    for (auto tag = of.tags.begin(); tag != of.tags.end(); ++tag) {
        if (std::find(of.tags.begin(), tag, *tag) == tag && !tag->empty()) { // as in scopes_of()
            apply(by_client_[{{scope_kind::tag, *tag}, hour}]);
        }
    }
}

void hourly_sums::add(owner const& of, std::int64_t hour, counts const& what)
{
    if (!what.is_zero()) {
        change(of, hour, [&](counts& sum) { sum += what; });
    }
}

void hourly_sums::take_away(owner const& of, std::int64_t hour, counts const& what)
{
    if (!what.is_zero()) {
        change(of, hour, [&](counts& sum) { sum -= what; });
    }
}

counter_sums hourly_sums::by_scope(attribution_rows& names) &&
{
    counter_sums out = std::move(by_client_);
    for (auto const& [at, what] : by_attribution_) {
        for (scope const& where : names.scopes(at.who)) {
            out[{where, at.hour}] += what;
        }
    }
    return out;
}

} // namespace cogate::ledger::sqlite

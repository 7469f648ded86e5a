#include "lib/ledger/book.hpp"

#include <utility>

namespace cogate::ledger {

reservation::reservation(book& owner, nanos amount, hold_list holds) noexcept
    : owner_(&owner), amount_(amount), holds_(std::move(holds))
{}

reservation::reservation(reservation&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)), amount_(other.amount_), holds_(std::move(other.holds_))
{}

reservation& reservation::operator=(reservation&& other) noexcept
{
    if (this != &other) {
        release();
        owner_ = std::exchange(other.owner_, nullptr);
        amount_ = other.amount_;
        holds_ = std::move(other.holds_);
    }
    return *this;
}

reservation::~reservation()
{
    release();
}

settlement reservation::settle(nanos cost)
{
    settlement done;
    if (book* const owner = std::exchange(owner_, nullptr)) {
        owner->settle(holds_, amount_, cost < 0 ? 0 : cost, done);
    }
    return done;
}

void reservation::release() noexcept
{
    if (book* const owner = std::exchange(owner_, nullptr)) {
        owner->release(holds_, amount_);
    }
}

} // namespace cogate::ledger

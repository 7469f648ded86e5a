#include "lib/ledger/entry.hpp"

#include <limits>

namespace cogate::ledger {

namespace {

constexpr int rank_of(std::uint8_t kinds) noexcept
{
    auto const has = [kinds](event_kind kind) { return (kinds & static_cast<std::uint8_t>(kind)) != 0; };
    return has(event_kind::settle)    ? 4
           : has(event_kind::voided)  ? 3
           : has(event_kind::reserve) ? 2
           : has(event_kind::sent)    ? 1
                                      : 0;
}

// Amounts of one attempt are far below this; only a sum of millions of the largest could reach it.
std::int64_t add_capped(std::int64_t a, std::int64_t b) noexcept
{
    std::int64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

} // namespace

bool merge(entry& into, event const& e)
{
    auto const bit = static_cast<std::uint8_t>(e.kind);
    if ((into.kinds & bit) != 0) {
        return false;
    }
    if (into.kinds == 0) {
        into.request_id = e.request_id;
        into.attempt = e.attempt;
    }
    if (rank_of(bit) > rank_of(into.kinds)) {
        into.who = e.who;
        into.tokens = e.tokens;
        into.flags = e.flags;
        into.status = e.status;
        into.started = e.started;
        into.ended = rank_of(bit) >= rank_of(static_cast<std::uint8_t>(event_kind::voided)) ? e.at : moment{};
        into.first_token = e.first_token;
        into.call_type = e.call_type;
        into.upstream_model = e.upstream_model;
    }
    if (e.kind == event_kind::reserve) {
        into.reserved = e.amount;
    } else if (e.kind == event_kind::settle) {
        into.spent = e.amount;
    }
    into.kinds = static_cast<std::uint8_t>(into.kinds | bit);
    return true;
}

counts& counts::operator+=(counts const& other) noexcept
{
    spent = add_capped(spent, other.spent);
    calls += other.calls;
    failed += other.failed;
    prompt_tokens = add_capped(prompt_tokens, other.prompt_tokens);
    completion_tokens = add_capped(completion_tokens, other.completion_tokens);
    return *this;
}

counts& counts::operator-=(counts const& other) noexcept
{
    spent -= other.spent;
    calls -= other.calls;
    failed -= other.failed;
    prompt_tokens -= other.prompt_tokens;
    completion_tokens -= other.completion_tokens;
    return *this;
}

counts counts_of(entry const& e) noexcept
{
    if (e.is_settled()) {
        return {e.spent, 1, 0, e.tokens.prompt, e.tokens.completion};
    }
    if (e.is_void()) {
        return {0, 0, 1, 0, 0};
    }
    return {};
}

} // namespace cogate::ledger

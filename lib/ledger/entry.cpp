#include "lib/ledger/entry.hpp"

#include <limits>
#include <utility>

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

entry entry_of(event e)
{
    entry out;
    out.request_id = std::move(e.request_id);
    out.attempt = e.attempt;
    out.kinds = static_cast<std::uint8_t>(e.kind);
    out.reserved = e.kind == event_kind::reserve ? e.amount : 0;
    out.spent = e.kind == event_kind::settle ? e.amount : 0;
    out.who = std::move(e.who);
    out.tokens = e.tokens;
    out.flags = e.flags;
    out.status = e.status;
    out.started = e.started;
    out.ended = out.is_closed() ? e.at : moment{};
    out.first_token = e.first_token;
    return out;
}

std::uint8_t merge(entry& into, entry more)
{
    auto const added = static_cast<std::uint8_t>(more.kinds & ~into.kinds);
    auto const adds = [added](event_kind kind) { return (added & static_cast<std::uint8_t>(kind)) != 0; };
    if (into.kinds == 0) {
        into = std::move(more);
        return added;
    }
    into.reserved = adds(event_kind::reserve) ? more.reserved : into.reserved;
    into.spent = adds(event_kind::settle) ? more.spent : into.spent;
    if (rank_of(more.kinds) > rank_of(into.kinds)) {
        into.who = std::move(more.who);
        into.tokens = more.tokens;
        into.flags = more.flags;
        into.status = more.status;
        into.started = more.started;
        into.ended = more.ended;
        into.first_token = more.first_token;
    }
    into.kinds = static_cast<std::uint8_t>(into.kinds | added);
    return added;
}

bool merge(entry& into, event const& e)
{
    return into.has(e.kind) ? false : merge(into, entry_of(e)) != 0;
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

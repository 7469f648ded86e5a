#include "lib/ledger/event.hpp"

#include <initializer_list>
#include <utility>

namespace cogate::ledger {

namespace {

constexpr moment earliest{std::chrono::sys_days{std::chrono::year{2000} / 1 / 1}};
constexpr moment latest{std::chrono::sys_days{std::chrono::year{2200} / 1 / 1}};

constexpr bool is_sane(moment when) noexcept
{
    return when >= earliest && when < latest;
}

failure wrong(char const* field, char const* why)
{
    return failure{error_kind::invalid_request, std::string("ledger event: ") + field + ' ' + why}.with_param(
        field);
}

} // namespace

std::string_view to_string(event_kind kind) noexcept
{
    switch (kind) {
    case event_kind::reserve: return "reserve";
    case event_kind::sent: return "sent";
    case event_kind::settle: return "settle";
    case event_kind::voided: return "void";
    }
    return "unknown";
}

result<void> validate(event const& e)
{
    if (e.request_id.empty() || e.request_id.size() > max_request_id || !is_valid_name(e.request_id)) {
        return wrong("request_id", "must be 1 to 128 bytes without control characters");
    }
    if (!e.who.is_valid()) {
        return wrong("who", "has a name that is too long or holds a control character, or too many tags");
    }
    if (e.amount < 0 || e.amount > max_amount) {
        return wrong("amount", "is outside 0 to 10^15 nano-dollars");
    }
    for (std::int64_t const count :
         {e.tokens.prompt, e.tokens.completion, e.tokens.cached, e.tokens.cache_write, e.tokens.reasoning}) {
        if (count < 0 || count > max_tokens) {
            return wrong("tokens", "are outside 0 to 2^40");
        }
    }
    if (!is_sane(e.started) || !is_sane(e.at) || (e.first_token != moment{} && !is_sane(e.first_token))) {
        return wrong("started", "and the other times must lie in the years 2000 to 2199");
    }
    return {};
}

std::size_t memory_of(event const& e) noexcept
{
    return sizeof(event) + e.request_id.size() + e.who.memory();
}

} // namespace cogate::ledger

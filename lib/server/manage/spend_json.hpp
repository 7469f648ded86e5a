#pragma once

#include "lib/core/json/writer.hpp"
#include "lib/ledger/accounts/directory.hpp"
#include "lib/ledger/entry.hpp"

#include <cogate/money.hpp>

#include <string>
#include <string_view>

namespace cogate::server::manage {

/// A member with an exact amount of dollars: "spend":0.000012.
inline void write_dollars(json::writer& to, std::string_view name, ledger::nanos amount)
{
    to.raw_member(name, to_string(money::from_nanos(amount)));
}

/// A member that is null where the text is empty.
inline void write_text(json::writer& to, std::string_view name, std::string_view text)
{
    to.key(name);
    if (text.empty()) {
        to.value(nullptr);
    } else {
        to.value(text);
    }
}

/// A row of LiteLLM's SpendLogs. `api_key` is the digest; prompts and answers are not kept, so `messages` and
/// `response` are empty. One call has a row per attempt: `metadata.attempt` counts them.
void write_spend_log(json::writer& to, ledger::entry const& e, ledger::directory const& in);

/// The model that a row is about, as LiteLLM's rows have it: the provider's name where it is known, else the
/// group's.
std::string const& model_of(std::string const& group, std::string const& upstream) noexcept;

} // namespace cogate::server::manage

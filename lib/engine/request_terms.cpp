#include "lib/engine/request_terms.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"

#include <algorithm>
#include <array>

namespace cogate::engine {
namespace {

constexpr std::int64_t most = std::int64_t{1} << 40;

void raise(std::optional<std::int64_t>& to, json::value said) noexcept
{
    if (std::optional<std::int64_t> const number = said.as_int64(); number && *number >= 0) {
        to = std::max(to.value_or(0), std::min(*number, most));
    }
}

void raise(std::int64_t& to, json::value said) noexcept
{
    to = std::clamp(said.as_int64().value_or(1), to, std::int64_t{1024});
}

} // namespace

request_terms read_request_terms(std::string_view body)
{
    std::array<json::member_query, request_terms::members.size()> wanted{};
    for (std::size_t i = 0; i != wanted.size(); ++i) {
        wanted[i].key = request_terms::members[i];
    }
    request_terms out;
    json::scan_error error;
    if (!json::find_members(body, wanted, error)) {
        return out;
    }
    json::document document;
    auto const parsed = [&](std::size_t which) {
        json::parse_error why;
        return wanted[which].found && document.parse(wanted[which].value_in(body), why) ? document.root()
                                                                                        : json::value{};
    };
    for (std::size_t const which : {0U, 1U, 2U}) {
        raise(out.max_output_tokens, parsed(which));
    }
    for (std::size_t const which : {3U, 4U}) {
        raise(out.choices, parsed(which));
    }
    out.end_user = parsed(5).string();
    if (out.end_user.empty()) {
        out.end_user = parsed(6)["user_id"].string();
    }
    if (json::value const settings = parsed(7)) {
        raise(out.max_output_tokens, settings["maxOutputTokens"]);
        raise(out.choices, settings["candidateCount"]);
    }
    return out;
}

} // namespace cogate::engine

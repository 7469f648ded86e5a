#pragma once

#include "lib/core/json/document.hpp"
#include "lib/ledger/accounts/principal.hpp"
#include "lib/server/accounts.hpp"

#include <cogate/result.hpp>

#include <span>
#include <string>
#include <string_view>

namespace cogate::server::manage {

/// A request of the management API, read whole.
struct managed {
    accounts& at;
    ledger::principal const& who; ///< may use the route; whose records it may touch is the handler's to check
    std::string_view rest;        ///< what followed the path of a prefix route
    std::string_view query;       ///< after the '?', as sent
    json::value body;             ///< an object; missing when the request has none
    ledger::moment now;
};

/// Answers with a JSON text (status 200) or the failure that the client gets. Runs where it may wait for the disk: one at a
/// time, reports one at a time beside them.
using handler = result<std::string> (*)(managed const&);

/// One way of the management API.
struct managed_route {
    std::string_view method;
    std::string_view path; ///< without "/v1"; a trailing "/*" matches one segment or more below
    ledger::route_class what;
    handler run;
    bool changes = method != "GET"; ///< for keys that may only read
    bool is_report = false;         ///< adds up rows of the ledger, which may take long, and changes nothing
};

/// All of them. Each family of paths is a file of this folder.
std::span<managed_route const> managed_routes() noexcept;

} // namespace cogate::server::manage

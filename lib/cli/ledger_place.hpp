#pragma once

#include <cogate/result.hpp>

#include <string>

namespace cogate::cli {

/// Where a gateway keeps its data without being told.
inline constexpr char const* default_data_folder = "./cogate-data";

/// The ledger's database file: `database` ("sqlite:///relative", "sqlite:////absolute" or a path) when it is not
/// empty, else ledger.sqlite in the folder `data`. Failure: invalid_request for a URL of another database.
result<std::string> ledger_file(std::string const& data, std::string const& database);

} // namespace cogate::cli

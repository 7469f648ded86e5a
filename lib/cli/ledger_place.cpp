#include "lib/cli/ledger_place.hpp"

#include <filesystem>
#include <string_view>

namespace cogate::cli {

result<std::string> ledger_file(std::string const& data, std::string const& database)
{
    constexpr std::string_view scheme = "sqlite:///";
    if (database.empty()) {
        return (std::filesystem::path(data) / "ledger.sqlite").string();
    }
    if (database.starts_with(scheme) && database.size() > scheme.size()) {
        return database.substr(scheme.size());
    }
    if (std::size_t const end = database.find("://"); end != std::string::npos) {
        // What follows may hold a password.
        return failure{error_kind::invalid_request,
                       "a ledger lies in SQLite (sqlite:///PATH), not in " + database.substr(0, end)};
    }
    return database;
}

} // namespace cogate::cli

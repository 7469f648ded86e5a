#pragma once

#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/sqlite/schema.hpp"

#include <cogate/result.hpp>

#include <exception>
#include <string>

namespace cogate::ledger::sqlite {

inline constexpr int reader_patience_ms = 5000;

/// Runs `work(connection&)` over the ledger in a file; what it throws becomes a failure.
template <class T, class Work>
result<T> with_connection(std::string const& path, access how, Work work)
{
    try {
        connection in(path, how);
        in.set_patience(reader_patience_ms);
        require_current_schema(in);
        return result<T>(work(in));
    } catch (std::exception const& e) {
        return failure{error_kind::service_unavailable, "the ledger " + path + ": " + e.what()}.with_code(
            "ledger_unavailable");
    }
}

template <class T, class Work>
result<T> with_reader(std::string const& path, Work work)
{
    return with_connection<T>(path, access::read_only, std::move(work));
}

} // namespace cogate::ledger::sqlite

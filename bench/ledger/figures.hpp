#pragma once

#include "lib/ledger/store.hpp"

#include <cstdint>
#include <string>

/// Each function works on a file of its own and prints its figures. Throws what goes wrong.
namespace cogate::ledger_bench {

/// Rows per second: `rows` calls, each a reserve and a settle, from one thread that waits for room when the
/// queue is full.
void measure_writing(std::string const& path, ledger::durability keep, std::uint64_t rows);

/// How soon a ledger with `open` reservations of a crash is ready.
void measure_recovery(std::string const& path, std::uint64_t open);

/// The longest append() and ready() while another connection holds the database's lock.
void measure_lock(std::string const& path);

/// What reports cost over a month of `rows` calls of 200 keys, 20 users, 50 models and 1000 end users.
void measure_reports(std::string const& path, std::uint64_t rows);

} // namespace cogate::ledger_bench

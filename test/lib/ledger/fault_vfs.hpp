#pragma once

#include <cstdint>
#include <functional>
#include <string>

/// A virtual file system that stands before the system's and does harm at a chosen operation. One at a time per
/// process; only while no ledger uses it may its plan change, but for heal() and refuse().
namespace cogate::test::fault_vfs {

/// Registers it (once) and gives its name.
std::string name();

/// Counts changes of files (write, truncate, sync, delete) from now on, harmless.
void count();

/// From the `n`-th change on (1 is the next) every change fails with this SQLite code, until heal().
void refuse_from(std::uint64_t n, int code);
void heal();

/// At the `n`-th change half of what it writes is written and the process dies of SIGKILL.
void kill_at(std::uint64_t n);

/// At the `n`-th change the power fails: of all that was written since the last sync of its file, a random part
/// is undone, then the process dies.
void cut_power_at(std::uint64_t n, std::uint64_t seed);

/// Changes since the plan was set.
std::uint64_t changes();

} // namespace cogate::test::fault_vfs

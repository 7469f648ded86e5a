#pragma once

#include <string>

namespace cogate::ledger::sqlite {

/// Makes this process the only owner of a ledger until destroyed or dead.
class owner_lock {
public:
    /// Makes the ledger's folder, its lock file and its database file, readable by their owner only. Throws
    /// `error` when another process owns the ledger or the folder cannot be written.
    explicit owner_lock(std::string const& database_path);
    owner_lock(owner_lock const&) = delete;
    owner_lock& operator=(owner_lock const&) = delete;
    ~owner_lock();

private:
    int file_ = -1;
};

} // namespace cogate::ledger::sqlite

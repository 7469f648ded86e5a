#include "lib/ledger/sqlite/owner_lock.hpp"

#include "lib/ledger/sqlite/connection.hpp"

#include <sqlite3.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace cogate::ledger::sqlite {

namespace {

int open_private(std::string const& path)
{
    int const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        throw error(SQLITE_CANTOPEN,
                    "cannot open " + path + ": " + std::error_code(errno, std::generic_category()).message());
    }
    return file;
}

} // namespace

owner_lock::owner_lock(std::string const& database_path)
{
    std::filesystem::path const folder = std::filesystem::path(database_path).parent_path();
    std::error_code ec;
    if (!folder.empty() && std::filesystem::create_directories(folder, ec)) {
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ec);
    }
    file_ = open_private(database_path + ".lock");
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
        ::close(file_);
        throw error(SQLITE_BUSY, "another gateway works with the ledger " + database_path +
                                     ": stop it or choose another data folder");
    }
    // SQLite gives the files beside it the same mode.
    struct stat found {};
    if (::stat(database_path.c_str(), &found) != 0) {
        ::close(open_private(database_path));
    }
}

owner_lock::~owner_lock()
{
    ::close(file_);
}

} // namespace cogate::ledger::sqlite

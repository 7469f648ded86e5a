#include "test/lib/ledger/fault_vfs.hpp"

#include "test/common/seeded.hpp"

#include <sqlite3.h>

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace cogate::test::fault_vfs {

namespace {

enum class harm { none, refuse, kill, cut_power };

std::atomic<harm> plan{harm::none};
std::atomic<std::uint64_t> due{0};
std::atomic<std::uint64_t> seen{0};
std::atomic<int> refusal{SQLITE_IOERR};
std::uint64_t power_seed = 0;

struct unsynced {
    sqlite3_int64 offset;
    std::string before; ///< shorter than what was written where the file grew
    sqlite3_int64 old_size;
};

struct file : sqlite3_file {
    sqlite3_file* real;
    std::vector<unsynced>* writes;
};

std::mutex open_files_mutex;
std::vector<file*> open_files;

file& of(sqlite3_file* f)
{
    return *static_cast<file*>(f);
}

[[noreturn]] void die()
{
    ::raise(SIGKILL);
    for (;;) {
    }
}

void lose_power()
{
    seeded random(power_seed);
    std::lock_guard const lock(open_files_mutex);
    for (file* f : open_files) {
        while (!f->writes->empty()) {
            unsynced const& w = f->writes->back();
            if (random.one_in(2)) {
                std::string bytes = w.before;
                f->real->pMethods->xWrite(f->real, bytes.data(), static_cast<int>(bytes.size()), w.offset);
                if (random.one_in(2) &&
                    static_cast<std::size_t>(w.old_size) < static_cast<std::size_t>(w.offset) + 1) {
                    f->real->pMethods->xTruncate(f->real, w.old_size);
                }
            }
            f->writes->pop_back();
        }
    }
    die();
}

/// What is to happen to this change: nothing, an error, or `half` to be written before the end.
int strike(std::function<void()> const& half = {})
{
    std::uint64_t const n = ++seen;
    switch (plan.load()) {
    case harm::none: return SQLITE_OK;
    case harm::refuse: return n >= due ? refusal.load() : SQLITE_OK;
    case harm::kill:
        if (n >= due) {
            if (half) {
                half();
            }
            die();
        }
        return SQLITE_OK;
    case harm::cut_power:
        if (n >= due) {
            lose_power();
        }
        return SQLITE_OK;
    }
    return SQLITE_OK;
}

void remember(file& f, int size, sqlite3_int64 offset)
{
    sqlite3_int64 old_size = 0;
    f.real->pMethods->xFileSize(f.real, &old_size);
    auto const there = std::clamp<sqlite3_int64>(old_size - offset, 0, size);
    std::string before(static_cast<std::size_t>(there), '\0');
    f.real->pMethods->xRead(f.real, before.data(), static_cast<int>(before.size()), offset);
    f.writes->push_back({offset, std::move(before), old_size});
}

int close(sqlite3_file* f)
{
    {
        std::lock_guard const lock(open_files_mutex);
        std::erase(open_files, &of(f));
    }
    delete of(f).writes;
    return of(f).real->pMethods->xClose(of(f).real);
}

int write(sqlite3_file* f, void const* data, int size, sqlite3_int64 offset)
{
    sqlite3_file* const real = of(f).real;
    int const code = strike([&] { real->pMethods->xWrite(real, data, size / 2, offset); });
    if (code != SQLITE_OK) {
        return code;
    }
    if (plan == harm::cut_power) {
        remember(of(f), size, offset);
    }
    return real->pMethods->xWrite(real, data, size, offset);
}

int truncate(sqlite3_file* f, sqlite3_int64 size)
{
    int const code = strike();
    return code != SQLITE_OK ? code : of(f).real->pMethods->xTruncate(of(f).real, size);
}

int sync(sqlite3_file* f, int flags)
{
    int const code = strike();
    if (code != SQLITE_OK) {
        return code == SQLITE_FULL ? SQLITE_IOERR_FSYNC : code;
    }
    of(f).writes->clear();
    return of(f).real->pMethods->xSync(of(f).real, flags);
}

template <auto Method>
struct forward;
template <class... Args, int (*sqlite3_io_methods::*Method)(sqlite3_file*, Args...)>
struct forward<Method> {
    static int call(sqlite3_file* f, Args... args)
    {
        sqlite3_file* const real = of(f).real;
        return (real->pMethods->*Method)(real, args...);
    }
};

void shm_barrier(sqlite3_file* f)
{
    of(f).real->pMethods->xShmBarrier(of(f).real);
}

sqlite3_io_methods const methods = [] {
    using m = sqlite3_io_methods;
    sqlite3_io_methods out{};
    out.iVersion = 2;
    out.xClose = close;
    out.xRead = forward<&m::xRead>::call;
    out.xWrite = write;
    out.xTruncate = truncate;
    out.xSync = sync;
    out.xFileSize = forward<&m::xFileSize>::call;
    out.xLock = forward<&m::xLock>::call;
    out.xUnlock = forward<&m::xUnlock>::call;
    out.xCheckReservedLock = forward<&m::xCheckReservedLock>::call;
    out.xFileControl = forward<&m::xFileControl>::call;
    out.xSectorSize = forward<&m::xSectorSize>::call;
    // What a disk promises about half-written sectors is left out: the worst is assumed.
    out.xDeviceCharacteristics = [](sqlite3_file*) { return 0; };
    out.xShmMap = forward<&m::xShmMap>::call;
    out.xShmLock = forward<&m::xShmLock>::call;
    out.xShmBarrier = shm_barrier;
    out.xShmUnmap = forward<&m::xShmUnmap>::call;
    return out;
}();

sqlite3_vfs* system_vfs()
{
    static sqlite3_vfs* const found = sqlite3_vfs_find("unix");
    return found;
}

int open(sqlite3_vfs*, sqlite3_filename path, sqlite3_file* f, int flags, int* out_flags)
{
    file& made = *new (f) file{};
    made.real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(f) + sizeof(file));
    int const code = system_vfs()->xOpen(system_vfs(), path, made.real, flags, out_flags);
    if (code != SQLITE_OK) {
        f->pMethods = nullptr;
        return code;
    }
    made.writes = new std::vector<unsynced>;
    f->pMethods = &methods;
    std::lock_guard const lock(open_files_mutex);
    open_files.push_back(&made);
    return SQLITE_OK;
}

int remove(sqlite3_vfs*, char const* path, int sync_folder)
{
    int const code = strike();
    return code != SQLITE_OK ? code : system_vfs()->xDelete(system_vfs(), path, sync_folder);
}

void set(harm what, std::uint64_t n)
{
    seen = 0;
    due = n;
    plan = what;
}

} // namespace

std::string name()
{
    static sqlite3_vfs shim = [] {
        sqlite3_initialize();
        sqlite3_vfs out = *system_vfs();
        out.szOsFile += static_cast<int>(sizeof(file));
        out.pNext = nullptr;
        out.zName = "cogate-fault";
        out.xOpen = open;
        out.xDelete = remove;
        // The others ask the system's by its own pointer.
        out.xAccess = [](sqlite3_vfs*, char const* p, int flags, int* found) {
            return system_vfs()->xAccess(system_vfs(), p, flags, found);
        };
        out.xFullPathname = [](sqlite3_vfs*, char const* p, int size, char* full) {
            return system_vfs()->xFullPathname(system_vfs(), p, size, full);
        };
        return out;
    }();
    static int const registered = sqlite3_vfs_register(&shim, 0);
    return registered == SQLITE_OK ? shim.zName : "";
}

void count()
{
    set(harm::none, 0);
}

void refuse_from(std::uint64_t n, int code)
{
    refusal = code;
    set(harm::refuse, n);
}

void heal()
{
    plan = harm::none;
}

void kill_at(std::uint64_t n)
{
    set(harm::kill, n);
}

void cut_power_at(std::uint64_t n, std::uint64_t seed)
{
    power_seed = seed;
    set(harm::cut_power, n);
}

std::uint64_t changes()
{
    return seen;
}

} // namespace cogate::test::fault_vfs

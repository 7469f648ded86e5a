#include "lib/cli/process.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>

namespace cogate::cli {

void prepare_process(unsigned workers) noexcept
{
    std::signal(SIGPIPE, SIG_IGN);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        // Not allowed is no reason not to serve: fewer clients fit.
        static_cast<void>(::setrlimit(RLIMIT_NOFILE, &files));
    }
#ifdef M_ARENA_MAX
    // glibc makes up to eight arenas per core and keeps what each of them ever held.
    ::mallopt(M_ARENA_MAX, static_cast<int>(std::clamp(workers, 1U, 8U)));
    // Above 1 MiB memory comes from the system and goes straight back; fixed, or one big body would lift it.
    ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 1 << 20);
#endif
}

namespace {

sigset_t watched_signals() noexcept
{
    sigset_t set{};
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

} // namespace

signal_block::signal_block()
{
    sigset_t const watched = watched_signals();
    ::pthread_sigmask(SIG_BLOCK, &watched, &before_);
}

signal_block::~signal_block()
{
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

signal_watch::signal_watch(std::function<void()> on_signal)
    : thread_([this, call = std::move(on_signal)] {
          sigset_t const watched = watched_signals();
          int which = 0;
          while (::sigwait(&watched, &which) == 0 && !stopping_) {
              call();
          }
      })
{}

signal_watch::~signal_watch()
{
    stopping_ = true;
    ::pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
}

} // namespace cogate::cli

#include "lib/cli/serve_reload.hpp"

#include "lib/cli/serve_changes.hpp"

#include <csignal>
#include <ctime>
#include <exception>
#include <ostream>
#include <utility>

#include <pthread.h>
#include <sys/stat.h>

namespace cogate::cli {

std::optional<file_stamp> stamp_of(std::string const& path) noexcept
{
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) {
        return std::nullopt;
    }
    constexpr std::int64_t second = 1'000'000'000;
    return file_stamp{.device = static_cast<std::uint64_t>(found.st_dev),
                      .inode = static_cast<std::uint64_t>(found.st_ino),
                      .size = static_cast<std::int64_t>(found.st_size),
                      .modified = std::int64_t{found.st_mtim.tv_sec} * second + found.st_mtim.tv_nsec};
}

bool file_follower::look(std::optional<file_stamp> const& now) noexcept
{
    bool const quiet = now == seen_;
    seen_ = now;
    if (!now || !quiet || now == read_) {
        return false;
    }
    read_ = now;
    return true;
}

namespace {

/// What is in use once `fresh` was put in the place of `before`.
config::settings with_fixed(config::settings fresh, config::settings const& before)
{
    config::settings out = before;
    out.gateway = std::move(fresh.gateway);
    out.gateway.max_idle_connections_per_origin = before.gateway.max_idle_connections_per_origin;
    out.gateway.idle_connection_lifetime = before.gateway.idle_connection_lifetime;
    out.gateway.max_response_bytes = before.gateway.max_response_bytes;
    out.ledger.budgets = std::move(fresh.ledger.budgets);
    out.ledger.deployment_budgets = std::move(fresh.ledger.deployment_budgets);
    out.ledger.end_user_budget = fresh.ledger.end_user_budget;
    out.ledger.end_user_budget_id = std::move(fresh.ledger.end_user_budget_id);
    out.keys = std::move(fresh.keys);
    out.keys.pepper = before.keys.pepper;
    return out;
}

} // namespace

living_config::living_config(std::string name, config::settings running, loader load, installer install,
                             std::ostream& log)
    : name_(std::move(name)),
      running_(std::move(running)),
      load_(std::move(load)),
      install_(std::move(install)),
      log_(log)
{}

bool living_config::reload()
{
    std::string fault;
    try {
        if (std::optional<config::settings> fresh = load_()) {
            install_(*fresh, running_);
            log_ << to_text(compare(running_, *fresh), name_) << std::flush;
            running_ = with_fixed(std::move(*fresh), running_);
            return true;
        }
    } catch (std::exception const& thrown) {
        fault = std::string(": ") + thrown.what();
    }
    log_ << "cogate serve: " << name_ << " cannot be used" << fault << "; the configuration before it stays\n"
         << std::flush;
    return false;
}

namespace {

sigset_t hangup() noexcept
{
    sigset_t set{};
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    return set;
}

} // namespace

hangup_block::hangup_block()
{
    sigset_t const held = hangup();
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
}

hangup_block::~hangup_block()
{
    // one that nobody waits for any more must not end the process
    sigset_t const held = hangup();
    timespec const at_once{};
    while (::sigtimedwait(&held, nullptr, &at_once) == SIGHUP) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

config_watch::config_watch(std::string path, std::optional<file_stamp> read, living_config& config)
    : thread_([this, path = std::move(path), follower = file_follower(read), &config]() mutable {
          sigset_t const held = hangup();
          timespec const between_looks{.tv_sec = 1, .tv_nsec = 0};
          while (!stopping_) {
              bool const asked = ::sigtimedwait(&held, nullptr, &between_looks) == SIGHUP;
              if (stopping_) {
                  return;
              }
              std::optional<file_stamp> const now = stamp_of(path);
              if (asked) {
                  follower.was_read(now);
              }
              if (asked || follower.look(now)) {
                  config.reload();
              }
          }
      })
{}

config_watch::~config_watch()
{
    stopping_ = true;
    ::pthread_kill(thread_.native_handle(), SIGHUP);
    thread_.join();
}

} // namespace cogate::cli

#pragma once

#include "lib/config/settings.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <thread>

#include <signal.h>

namespace cogate::cli {

/// Which content a file has, told without reading it.
struct file_stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified = 0; ///< nanoseconds since 1970
    friend bool operator==(file_stamp const&, file_stamp const&) = default;
};

/// nullopt while there is no such file (some editors take it away for a moment), and for what is none: a pipe can be read
/// once only. Symbolic links are followed.
std::optional<file_stamp> stamp_of(std::string const& path) noexcept;

/// Tells from looks at a file when to read it: once it is another than the one that was read, and the same at two looks
/// in a row, so that a file in the middle of being written is left alone. Pure.
class file_follower {
public:
    explicit file_follower(std::optional<file_stamp> read) noexcept : read_(read), seen_(read) {}

    /// Whether to read it now; that counts as done then.
    bool look(std::optional<file_stamp> const& now) noexcept;
    void was_read(std::optional<file_stamp> const& now) noexcept { read_ = seen_ = now; }

private:
    std::optional<file_stamp> read_;
    std::optional<file_stamp> seen_;
};

/// The configuration that a server runs with, and how it gets another one.
/// Thread safety: none; one thread reloads.
class living_config {
public:
    /// Reads and checks it; says itself what is wrong. nullopt: it cannot be used.
    using loader = std::function<std::optional<config::settings>()>;
    /// Puts it to use, all or nothing; the other is what is in use. May throw std::exception.
    using installer = std::function<void(config::settings const& fresh, config::settings const& running)>;

    /// `name` is what messages call it; they go to `log`, which must outlive it.
    living_config(std::string name, config::settings running, loader load, installer install,
                  std::ostream& log);

    /// True when another configuration is in use now. With a bad one the old one stays. Either way `log` says so.
    bool reload();

private:
    std::string name_;
    config::settings running_;
    loader load_;
    installer install_;
    std::ostream& log_;
};

/// While it lives, SIGHUP does not end the calling thread nor any that it starts; it waits for a `config_watch`.
class hangup_block {
public:
    hangup_block();
    ~hangup_block();
    hangup_block(hangup_block const&) = delete;
    hangup_block& operator=(hangup_block const&) = delete;

private:
    sigset_t before_{};
};

/// Reloads on a thread of its own: at every SIGHUP that a `hangup_block` holds back, and within two seconds after the
/// file was changed. After its destructor nothing is reloaded.
class config_watch {
public:
    /// `read` is the stamp of the file as it was read at the start. `config` must outlive it.
    config_watch(std::string path, std::optional<file_stamp> read, living_config& config);
    ~config_watch();
    config_watch(config_watch const&) = delete;
    config_watch& operator=(config_watch const&) = delete;

private:
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace cogate::cli

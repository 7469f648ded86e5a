#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace cogate::observe {

/// Appends lines to a file from any thread without making it wait for the disk: lines gather in memory and
/// one thread of its own writes them, at most 100 ms later and sooner when many came. Bounded: when the disk
/// cannot follow, lines are dropped and counted. Everything taken is written before the destructor returns.
class line_writer {
public:
    /// Opens for appending; "-" is standard output. Throws std::system_error with the path in its text.
    explicit line_writer(std::string const& path);
    ~line_writer();
    line_writer(line_writer const&) = delete;
    line_writer& operator=(line_writer const&) = delete;

    /// Takes one line; the line end is added.
    void write(std::string_view line);

    std::uint64_t dropped() const;

    static constexpr std::size_t buffer_limit = 8 << 20;
    /// Bytes that are written without waiting for more.
    static constexpr std::size_t burst = 64 << 10;

private:
    void run();
    void write_out(std::string_view text);

    int file_ = -1;
    bool owns_file_ = false;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::string buffer_;
    std::uint64_t dropped_ = 0;
    bool stopping_ = false;
    std::thread writer_;
};

} // namespace cogate::observe

#include "lib/observe/line_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

namespace cogate::observe {

line_writer::line_writer(std::string const& path)
{
    if (path == "-") {
        file_ = STDOUT_FILENO;
    } else {
        file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
        owns_file_ = true;
    }
    if (file_ < 0) {
        throw std::system_error(errno, std::generic_category(), "cannot open the log " + path);
    }
    writer_ = std::thread([this] { run(); });
}

line_writer::~line_writer()
{
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    writer_.join();
    if (owns_file_) {
        ::close(file_);
    }
}

void line_writer::write(std::string_view line)
{
    bool wake = false;
    {
        std::lock_guard const lock(mutex_);
        if (buffer_.size() + line.size() + 1 > buffer_limit) {
            ++dropped_;
            return;
        }
        bool const was_small = buffer_.size() < burst;
        wake = buffer_.empty();
        buffer_ += line;
        buffer_ += '\n';
        wake = wake || (was_small && buffer_.size() >= burst);
    }
    if (wake) {
        wake_.notify_one();
    }
}

std::uint64_t line_writer::dropped() const
{
    std::lock_guard const lock(mutex_);
    return dropped_;
}

void line_writer::run()
{
    std::string taken;
    taken.reserve(2 * burst);
    std::unique_lock lock(mutex_);
    buffer_.reserve(2 * burst);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !buffer_.empty(); });
        // Lines come in bursts: one write for all of a tenth of a second, but none so large that a core which
        // also serves calls would be busy with it for long.
        wake_.wait_for(lock, std::chrono::milliseconds(100),
                       [this] { return stopping_ || buffer_.size() >= burst; });
        taken.swap(buffer_);
        bool const last = stopping_;
        lock.unlock();
        write_out(taken);
        taken.clear();
        if (taken.capacity() > 4 * burst) {
            std::string().swap(taken);
        }
        lock.lock();
        if (last && buffer_.empty()) {
            return;
        }
    }
}

void line_writer::write_out(std::string_view text)
{
    while (!text.empty()) {
        ssize_t const done = ::write(file_, text.data(), text.size());
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done < 0) {
            std::lock_guard const lock(mutex_);
            ++dropped_;
            return;
        }
        text.remove_prefix(static_cast<std::size_t>(done));
    }
}

} // namespace cogate::observe

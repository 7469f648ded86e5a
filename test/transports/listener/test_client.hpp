#pragma once

#include "lib/wire/ascii.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace cogate::test {

/// What a server answered, as far as it came.
struct raw_answer {
    int status = 0; ///< 0: nothing came before the end of the connection
    std::string head;
    std::string body;

    std::optional<std::string> field(std::string_view name) const
    {
        std::size_t at = head.find("\r\n");
        while (at != std::string::npos && at + 2 < head.size()) {
            std::size_t const end = head.find("\r\n", at + 2);
            std::string_view const line = std::string_view(head).substr(at + 2, end - at - 2);
            std::size_t const colon = line.find(':');
            if (colon != std::string_view::npos && wire::ascii_iequals(line.substr(0, colon), name)) {
                return std::string(wire::trim_ows(line.substr(colon + 1)));
            }
            at = end;
        }
        return std::nullopt;
    }
    bool says_close() const { return field("connection") == "close"; }
};

/// A blocking client that can say anything. The receive time-out only keeps a failed test from hanging.
class raw_client {
public:
    explicit raw_client(std::uint16_t port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        if (receive_buffer > 0) {
            set(SOL_SOCKET, SO_RCVBUF, receive_buffer);
        }
        set(IPPROTO_TCP, TCP_NODELAY, 1);
        timeval const safety{.tv_sec = 30, .tv_usec = 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &safety, sizeof safety);
        connect_to(port);
    }
    ~raw_client() { close(); }
    raw_client(raw_client const&) = delete;
    raw_client& operator=(raw_client const&) = delete;

    /// Sends all; what the server no longer takes is lost without complaint.
    void send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            ssize_t const sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    void half_close() { ::shutdown(fd_, SHUT_WR); }

    void close()
    {
        if (fd_ >= 0) {
            ::close(fd_);
            fd_ = -1;
        }
    }

    void reset()
    {
        linger const now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }

    bool readable(int milliseconds)
    {
        pollfd one{.fd = fd_, .events = POLLIN, .revents = 0};
        return ::poll(&one, 1, milliseconds) == 1;
    }

    /// The next answer, framed by Content-Length. 1xx answers count.
    raw_answer receive(bool without_body = false)
    {
        raw_answer answer;
        std::size_t end = std::string::npos;
        while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
            if (!fill()) {
                return answer;
            }
        }
        answer.head = pending_.substr(0, end + 2);
        pending_.erase(0, end + 4);
        if (answer.head.size() > 12) {
            std::from_chars(answer.head.data() + 9, answer.head.data() + 12, answer.status);
        }
        std::size_t const length = std::stoul(answer.field("content-length").value_or("0"));
        while (!without_body && pending_.size() < length && fill()) {
        }
        if (!without_body) {
            answer.body = pending_.substr(0, length);
            pending_.erase(0, length);
        }
        return answer;
    }

    /// Reads to the end of the connection; true when it came and no further byte before it.
    bool ended()
    {
        while (fill()) {
        }
        return at_end_ && pending_.empty();
    }

private:
    void set(int level, int name, int value) { ::setsockopt(fd_, level, name, &value, sizeof value); }

    void connect_to(std::uint16_t port)
    {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(port);
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        sockaddr generic{};
        static_assert(sizeof generic == sizeof where);
        std::memcpy(&generic, &where, sizeof where);
        // No check of Boost.Test here: clients are also made on other threads. Without a connection there is
        // no answer either.
        static_cast<void>(::connect(fd_, &generic, sizeof generic));
    }

    bool fill()
    {
        char block[16 * 1024];
        ssize_t const got = ::recv(fd_, block, sizeof block, 0);
        if (got > 0) {
            pending_.append(block, static_cast<std::size_t>(got));
            return true;
        }
        at_end_ = got == 0 || errno == ECONNRESET;
        return false;
    }

    int fd_;
    std::string pending_;
    bool at_end_ = false;
};

} // namespace cogate::test

#include "lib/server/pepper.hpp"

#include <openssl/rand.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace cogate::server {
namespace {

constexpr std::size_t pepper_bytes = 32;
constexpr std::size_t shortest = 16;
constexpr std::size_t longest = 4096;

failure cannot(std::string const& path, std::string_view doing, std::string_view why)
{
    return failure{error_kind::service_unavailable, "the secret of the keys, " + path + ", cannot be " +
                                                        std::string(doing) + ": " + std::string(why)}
        .with_code("ledger_unavailable");
}

class file {
public:
    explicit file(int number) noexcept : number_(number) {}
    ~file()
    {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    file(file const&) = delete;
    file& operator=(file const&) = delete;
    int number() const noexcept { return number_; }

private:
    int number_;
};

result<secret> read(std::string const& path, int number)
{
    std::array<char, longest + 1> text{};
    ssize_t const got = ::read(number, text.data(), text.size());
    if (got < 0) {
        return cannot(path, "read", std::strerror(errno));
    }
    std::string_view what(text.data(), static_cast<std::size_t>(got));
    while (!what.empty() && (what.back() == '\n' || what.back() == '\r')) {
        what.remove_suffix(1);
    }
    if (what.size() < shortest || what.size() > longest) {
        return cannot(path, "used",
                      "it must hold 16 to 4096 bytes; restore it, or every virtual key is lost");
    }
    return secret(std::string(what));
}

result<secret> make(std::string const& path)
{
    std::array<unsigned char, pepper_bytes> bits{};
    if (RAND_bytes(bits.data(), static_cast<int>(bits.size())) != 1) {
        return cannot(path, "made", "the system has no random numbers");
    }
    std::string text;
    for (unsigned char const byte : bits) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    text += '\n';
    // under another name first: a crash must not leave half of it
    std::string const fresh = path + ".new";
    {
        file const out(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (out.number() < 0 ||
            ::write(out.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
            ::fsync(out.number()) != 0) {
            return cannot(path, "written", std::strerror(errno));
        }
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) {
        return cannot(path, "written", std::strerror(errno));
    }
    text.pop_back();
    return secret(std::move(text));
}

} // namespace

result<secret> keep_pepper(std::string const& path, bool may_make)
{
    file const in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (in.number() >= 0) {
        return read(path, in.number());
    }
    if (errno != ENOENT) {
        return cannot(path, "read", std::strerror(errno));
    }
    if (!may_make) {
        return cannot(path, "read",
                      "it is missing, and the virtual keys are worth nothing without it: restore it "
                      "beside the database");
    }
    return make(path);
}

} // namespace cogate::server

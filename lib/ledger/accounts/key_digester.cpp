#include "lib/ledger/accounts/key_text.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

namespace cogate::ledger {

namespace {

constexpr std::size_t block = 64; ///< of SHA-256
constexpr std::size_t digest_size = 32;
using bytes = std::array<unsigned char, digest_size>;

struct free_context {
    void operator()(EVP_MD_CTX* c) const noexcept { EVP_MD_CTX_free(c); }
};
using context = std::unique_ptr<EVP_MD_CTX, free_context>;

context new_context()
{
    context made(EVP_MD_CTX_new());
    if (!made) {
        throw std::runtime_error("OpenSSL has no memory for a digest");
    }
    return made;
}

void check(int outcome)
{
    if (outcome != 1) {
        throw std::runtime_error("OpenSSL cannot make a SHA-256 digest");
    }
}

void finish_from(EVP_MD_CTX* work, EVP_MD_CTX const* start, std::string_view text, bytes& out)
{
    check(EVP_MD_CTX_copy_ex(work, start));
    check(EVP_DigestUpdate(work, text.data(), text.size()));
    check(EVP_DigestFinal_ex(work, out.data(), nullptr));
}

std::string_view view(bytes const& from) noexcept
{
    return {reinterpret_cast<char const*>(from.data()), from.size()};
}

} // namespace

/// SHA-256 after the inner and the outer pad (RFC 2104, 4), so that a digest hashes two blocks instead of
/// four. Read only once made: OpenSSL copies from a context that nobody writes, on any thread.
struct key_digester::states {
    context inner = new_context();
    context outer = new_context();
};

key_digester::key_digester(secret pepper)
{
    if (pepper.empty()) {
        throw std::invalid_argument("the pepper of key digests is empty");
    }
    auto made = std::make_shared<states>();
    std::array<unsigned char, block> key{};
    std::string_view const text = pepper.reveal();
    if (text.size() > block) {
        check(EVP_Digest(text.data(), text.size(), key.data(), nullptr, EVP_sha256(), nullptr));
    } else {
        std::copy(text.begin(), text.end(), key.begin());
    }
    auto const start = [&](EVP_MD_CTX* into, unsigned char pad) {
        std::array<unsigned char, block> padded = key;
        for (unsigned char& b : padded) {
            b ^= pad;
        }
        check(EVP_DigestInit_ex(into, EVP_sha256(), nullptr));
        check(EVP_DigestUpdate(into, padded.data(), padded.size()));
        OPENSSL_cleanse(padded.data(), padded.size());
    };
    start(made->inner.get(), 0x36);
    start(made->outer.get(), 0x5c);
    OPENSSL_cleanse(key.data(), key.size());
    states_ = std::move(made);
}

std::string key_digester::digest_of(std::string_view key) const
{
    if (key.size() > longest_key) {
        return {};
    }
    thread_local context const work = new_context();
    bytes inner;
    bytes outer;
    finish_from(work.get(), states_->inner.get(), key, inner);
    finish_from(work.get(), states_->outer.get(), view(inner), outer);
    OPENSSL_cleanse(inner.data(), inner.size());
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(2 * digest_size);
    for (unsigned char const b : outer) {
        hex += digits[b >> 4];
        hex += digits[b & 15];
    }
    return hex;
}

} // namespace cogate::ledger

#include "lib/wire/sigv4.hpp"

#include "lib/core/secret.hpp"
#include "lib/wire/url.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdio>
#include <utility>
#include <vector>

namespace cogate::wire {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t digest_size = 32;

/// 32 bytes of key that do not outlive their use.
class derived_key {
public:
    derived_key() = default;
    derived_key(derived_key const&) = delete;
    derived_key& operator=(derived_key const&) = delete;
    ~derived_key() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

    bool make(std::string_view key, std::string_view text) noexcept
    {
        unsigned size = 0;
        if (key.size() > INT_MAX) {
            return false;
        }
        return HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                    reinterpret_cast<unsigned char const*>(text.data()), text.size(), bytes_.data(),
                    &size) != nullptr &&
               size == digest_size;
    }

    std::string_view view() const noexcept
    {
        return {reinterpret_cast<char const*>(bytes_.data()), bytes_.size()};
    }

private:
    std::array<unsigned char, digest_size> bytes_{};
};

std::string hexadecimal(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

/// Without the segments that mean nothing: "//a/./b/../c/" is "/a/c/".
std::string normalized(std::string_view path)
{
    std::vector<std::string_view> kept;
    const bool folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (segment == "..") {
            if (!kept.empty()) {
                kept.pop_back();
            }
        } else if (!segment.empty() && segment != ".") {
            kept.push_back(segment);
        }
    }
    std::string out;
    for (std::string_view const segment : kept) {
        out += '/';
        out += segment;
    }
    if (kept.empty() || folder) {
        out += '/';
    }
    return out;
}

void append_path(std::string& out, std::string_view path)
{
    for (;;) {
        const std::size_t end = std::min(path.find('/'), path.size());
        append_percent_encoded(out, path.substr(0, end));
        if (end == path.size()) {
            return;
        }
        out += '/';
        path.remove_prefix(end + 1);
    }
}

/// One escaping whatever the sender's was.
std::string reencoded(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            plain += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            plain += text[i];
        }
    }
    std::string out;
    append_percent_encoded(out, plain);
    return out;
}

void append_query(std::string& out, std::string_view query)
{
    std::vector<std::pair<std::string, std::string>> fields;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view field = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (field.empty()) {
            continue;
        }
        const std::size_t mark = std::min(field.find('='), field.size());
        fields.emplace_back(reencoded(field.substr(0, mark)),
                            mark == field.size() ? std::string() : reencoded(field.substr(mark + 1)));
    }
    std::sort(fields.begin(), fields.end());
    bool first = true;
    for (auto const& [name, value] : fields) {
        if (!first) {
            out += '&';
        }
        first = false;
        out += name;
        out += '=';
        out += value;
    }
}

/// Trimmed, and inner runs of spaces are one space.
void append_value(std::string& out, std::string_view value)
{
    value = trim_ows(value);
    bool space = false;
    for (const char c : value) {
        if (c != ' ' || !space) {
            out += c;
        }
        space = c == ' ';
    }
}

void append_headers(std::span<header const> headers, sigv4_canonical& out)
{
    std::vector<std::pair<std::string, std::string_view>> fields;
    fields.reserve(headers.size());
    for (header const& h : headers) {
        std::string name(h.name);
        std::transform(name.begin(), name.end(), name.begin(), ascii_lower);
        fields.emplace_back(std::move(name), h.value);
    }
    std::stable_sort(fields.begin(), fields.end(),
                     [](auto const& a, auto const& b) { return a.first < b.first; });
    for (std::size_t i = 0; i != fields.size(); ++i) {
        if (i != 0 && fields[i].first == fields[i - 1].first) {
            out.text.back() = ',';
        } else {
            out.text += fields[i].first;
            out.text += ':';
            if (!out.signed_headers.empty()) {
                out.signed_headers += ';';
            }
            out.signed_headers += fields[i].first;
        }
        append_value(out.text, fields[i].second);
        out.text += '\n';
    }
}

std::string scope_text(std::string_view date, sigv4_scope const& scope)
{
    std::string out(date.substr(0, 8));
    out += '/';
    out += scope.region;
    out += '/';
    out += scope.service;
    out += "/aws4_request";
    return out;
}

} // namespace

sigv4_canonical canonical_request(sigv4_request const& request)
{
    sigv4_canonical out;
    out.text += request.method;
    out.text += '\n';
    append_path(out.text, request.normalize_path ? normalized(request.path)
                                                 : std::string(request.path.empty() ? "/" : request.path));
    out.text += '\n';
    append_query(out.text, request.query);
    out.text += '\n';
    append_headers(request.headers, out);
    out.text += '\n';
    out.text += out.signed_headers;
    out.text += '\n';
    out.text += request.payload_hash;
    return out;
}

std::string sha256_hex(std::string_view bytes)
{
    std::array<unsigned char, digest_size> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1 ||
        size != digest_size) {
        return {};
    }
    return hexadecimal({reinterpret_cast<char const*>(digest.data()), digest.size()});
}

std::string amz_date(std::chrono::system_clock::time_point time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto days = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss clock(seconds - days);
    std::array<char, 40> text{};
    const int size =
        std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()));
    return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

std::string string_to_sign(std::string_view canonical, std::string_view date, sigv4_scope const& scope)
{
    std::string out(algorithm);
    out += '\n';
    out += date;
    out += '\n';
    out += scope_text(date, scope);
    out += '\n';
    out += sha256_hex(canonical);
    return out;
}

std::string sigv4_signature(secret const& key, std::string_view date, sigv4_scope const& scope,
                            std::string_view text)
{
    std::string start = "AWS4";
    start.reserve(start.size() + key.reveal().size()); // no copy of the key is left behind by growing
    start += key.reveal();
    derived_key of_date;
    derived_key of_region;
    derived_key of_service;
    derived_key of_request;
    derived_key signature;
    const bool made =
        of_date.make(start, date.substr(0, 8)) && of_region.make(of_date.view(), scope.region) &&
        of_service.make(of_region.view(), scope.service) &&
        of_request.make(of_service.view(), "aws4_request") && signature.make(of_request.view(), text);
    core::wipe(start);
    return made ? hexadecimal(signature.view()) : std::string();
}

std::string sigv4_authorization(std::string_view access_key_id, secret const& key, std::string_view date,
                                sigv4_scope const& scope, sigv4_request const& request)
{
    const sigv4_canonical canonical = canonical_request(request);
    const std::string signature =
        sigv4_signature(key, date, scope, string_to_sign(canonical.text, date, scope));
    if (signature.empty() || request.payload_hash.empty()) {
        return {};
    }
    std::string out(algorithm);
    out += " Credential=";
    out += access_key_id;
    out += '/';
    out += scope_text(date, scope);
    out += ", SignedHeaders=";
    out += canonical.signed_headers;
    out += ", Signature=";
    out += signature;
    return out;
}

} // namespace cogate::wire

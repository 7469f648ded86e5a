#include "lib/wire/url.hpp"

#include "lib/core/text.hpp"
#include "lib/wire/ascii.hpp"
#include "lib/wire/authority.hpp"

#include <cstddef>

namespace cogate::wire {

namespace {

constexpr std::size_t npos = std::string_view::npos;

std::uint16_t default_port(std::string_view scheme) noexcept
{
    return scheme == "https" ? 443 : scheme == "http" ? 80 : 0;
}

std::string bracketed(const std::string& host)
{
    return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

bool has_dot_segment(std::string_view path) noexcept
{
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::string_view segment = path.substr(0, path.find('/'));
        if (segment == "." || segment == "..") {
            return true;
        }
        path.remove_prefix(segment.size());
    }
    return false;
}

const char* fill(std::string_view text, url& out)
{
    if (text.size() > 2048) {
        return "the URL is longer than 2048 characters";
    }
    if (!all_of_class(text, char_visible) || text.find('\\') != npos) {
        return "the URL holds a space, a control character, a backslash or a non-ASCII character";
    }
    const std::size_t colon = text.find("://");
    if (colon == npos) {
        return "the URL is not absolute: it must start with https:// or http://";
    }
    out.scheme = core::ilower(text.substr(0, colon));
    if (out.scheme != "https" && out.scheme != "http" && out.scheme != "demo") {
        return "the scheme of the URL must be https or http";
    }
    text.remove_prefix(colon + 3);
    if (text.find('#') != npos) {
        return "the URL must not have a fragment";
    }
    if (text.find('?') != npos) {
        return "the URL must not have a query";
    }
    const std::string_view host_port = text.substr(0, text.find('/'));
    std::string_view path = text.substr(host_port.size());
    if (host_port.find('@') != npos) {
        return "the URL must not hold a user name or a password";
    }
    if (has_dot_segment(path)) {
        return "the path of the URL must not hold . or .. segments";
    }
    out.tls = out.scheme == "https";
    out.port = default_port(out.scheme);
    if (!host_port.empty() || out.scheme != "demo") {
        const std::optional<authority> parsed = parse_authority(host_port);
        if (!parsed) {
            return "the host or the port of the URL is not valid";
        }
        out.host = core::ilower(parsed->host);
        out.port = parsed->port.value_or(out.port);
    }
    while (path.ends_with('/')) {
        path.remove_suffix(1);
    }
    out.path = path;
    return nullptr;
}

} // namespace

std::string url::origin() const
{
    return scheme + "://" + bracketed(host) + ':' + std::to_string(port);
}

std::string url::host_header() const
{
    std::string out = bracketed(host);
    if (port != default_port(scheme)) {
        out += ':' + std::to_string(port);
    }
    return out;
}

std::optional<url> parse_url(std::string_view text, const char** why)
{
    std::optional<url> out(std::in_place);
    const char* const error = fill(text, *out);
    if (why != nullptr) {
        *why = error;
    }
    if (error != nullptr) {
        out.reset();
    }
    return out;
}

std::optional<std::string> percent_decode(std::string_view segment)
{
    std::string out;
    out.reserve(segment.size());
    for (std::size_t i = 0; i < segment.size(); ++i) {
        char c = segment[i];
        if (c == '%') {
            const int high = i + 2 < segment.size() ? hex_digit(segment[i + 1]) : -1;
            const int low = i + 2 < segment.size() ? hex_digit(segment[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            c = static_cast<char>(static_cast<unsigned char>(high * 16 + low));
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            return std::nullopt;
        }
        out.push_back(c);
    }
    return out;
}

std::string_view query_value(std::string_view target, std::string_view name) noexcept
{
    if (const std::size_t question = target.find('?'); question != std::string_view::npos) {
        target.remove_prefix(question + 1);
    } else if (target.starts_with('/')) {
        return {};
    }
    while (!target.empty()) {
        const std::string_view pair = target.substr(0, target.find('&'));
        if (pair.starts_with(name) && pair.size() > name.size() && pair[name.size()] == '=') {
            return pair.substr(name.size() + 1);
        }
        target.remove_prefix(pair.size() == target.size() ? pair.size() : pair.size() + 1);
    }
    return {};
}

void append_percent_encoded(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (has_class(c, char_alpha | char_digit) || c == '-' || c == '.' || c == '_' || c == '~') {
            out.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.push_back('%');
        out.push_back(digits[byte >> 4U]);
        out.push_back(digits[byte & 15U]);
    }
}

} // namespace cogate::wire

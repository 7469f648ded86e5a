#include "lib/wire/authority.hpp"

#include "lib/wire/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace cogate::wire {

namespace {

constexpr std::size_t npos = std::string_view::npos;

bool valid_ipv4(std::string_view text) noexcept
{
    for (int part = 0; part < 4; ++part) {
        const std::size_t dot = text.find('.');
        const std::string_view digits = text.substr(0, dot);
        const bool leading_zero = digits.size() > 1 && digits.front() == '0';
        if (digits.empty() || digits.size() > 3 || leading_zero || !all_of_class(digits, char_digit)) {
            return false;
        }
        int value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (value > 255 || (dot == npos) != (part == 3)) {
            return false;
        }
        text.remove_prefix(dot == npos ? text.size() : dot + 1);
    }
    return true;
}

bool valid_name(std::string_view host) noexcept
{
    const auto legal = [](char c) {
        return has_class(c, char_alpha | char_digit) || c == '-' || c == '.' || c == '_';
    };
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), legal);
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept
{
    if (text.empty() || text.size() > 5 || text.front() == '0' || !all_of_class(text, char_digit)) {
        return std::nullopt;
    }
    unsigned value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    if (value > 65535) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(value);
}

} // namespace

bool valid_ipv6(std::string_view text) noexcept
{
    int groups = 0;
    bool compressed = false;
    if (text.starts_with("::")) {
        compressed = true;
        text.remove_prefix(2);
    }
    while (!text.empty()) {
        const std::size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        if (colon == npos && group.find('.') != npos) {
            groups += 2;
            return valid_ipv4(group) && (compressed ? groups < 8 : groups == 8);
        }
        if (group.empty() || group.size() > 4 || !all_of_class(group, char_hex) || ++groups > 8) {
            return false;
        }
        if (colon == npos) {
            break;
        }
        text.remove_prefix(colon + 1);
        if (text.starts_with(':')) {
            if (compressed) {
                return false;
            }
            compressed = true;
            text.remove_prefix(1);
        } else if (text.empty()) {
            return false;
        }
    }
    return compressed ? groups < 8 : groups == 8;
}

std::optional<authority> parse_authority(std::string_view text) noexcept
{
    authority out;
    std::string_view rest;
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == npos) {
            return std::nullopt;
        }
        out.host = text.substr(1, close - 1);
        out.ipv6 = true;
        rest = text.substr(close + 1);
    } else {
        out.host = text.substr(0, text.find(':'));
        rest = text.substr(out.host.size());
    }
    if (out.ipv6 ? !valid_ipv6(out.host) : !valid_name(out.host)) {
        return std::nullopt;
    }
    if (!rest.empty()) {
        out.port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
        if (!out.port) {
            return std::nullopt;
        }
    }
    return out;
}

} // namespace cogate::wire

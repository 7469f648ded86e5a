#include "transports/http/plain_head.hpp"

#include "lib/wire/header.hpp"

#include <charconv>

namespace cogate::transports {

namespace {

constexpr std::string_view version = "HTTP/1.1 ";
constexpr std::string_view line_end = "\r\n";

/// 200 to 599 but for those that have no body; else 0.
int status_with_body(std::string_view digits) noexcept
{
    if (digits.size() != 3 || !wire::all_of_class(digits, wire::char_digit)) {
        return 0;
    }
    const int status = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
    return status >= 200 && status <= 599 && status != 204 && status != 304 ? status : 0;
}

class reader {
public:
    explicit reader(std::string_view bytes) noexcept : bytes_(bytes) {}

    bool take_status_line() noexcept
    {
        if (!bytes_.starts_with(version)) {
            return false;
        }
        head_.status = status_with_body(bytes_.substr(version.size(), 3));
        at_ = version.size() + 3;
        if (head_.status == 0 || at_ == bytes_.size() || bytes_[at_] != ' ') {
            return false;
        }
        at_ += wire::field_value_prefix(bytes_.substr(at_));
        return take(line_end);
    }

    bool take_fields(std::vector<response_parser::field_place>& places, std::size_t max_fields)
    {
        while (!take(line_end)) {
            const std::size_t name_at = at_;
            const std::size_t name_size = wire::token_prefix(bytes_.substr(at_));
            at_ += name_size;
            if (name_size == 0 || !take(":")) {
                return false;
            }
            const std::size_t rest = wire::field_value_prefix(bytes_.substr(at_));
            const std::string_view value = wire::trim_ows(bytes_.substr(at_, rest));
            at_ += rest;
            if (!take(line_end) || places.size() == max_fields ||
                !understand(bytes_.substr(name_at, name_size), value)) {
                return false;
            }
            places.push_back({static_cast<std::uint32_t>(name_at), static_cast<std::uint32_t>(name_size),
                              value.empty() ? 0U : static_cast<std::uint32_t>(value.data() - bytes_.data()),
                              static_cast<std::uint32_t>(value.size())});
        }
        return has_length_;
    }

    plain_head result() const noexcept
    {
        plain_head out = head_;
        out.size = at_;
        return out;
    }

private:
    bool take(std::string_view expected) noexcept
    {
        const bool there = bytes_.substr(at_).starts_with(expected);
        at_ += there ? expected.size() : 0;
        return there;
    }

    // The framing fields of RFC 9112 and those that Beast looks into. By size first: most names are none.
    bool understand(std::string_view name, std::string_view value) noexcept
    {
        switch (name.size()) {
        case 7: return !wire::ascii_iequals(name, "upgrade");
        case 10: return !wire::ascii_iequals(name, "connection") || connection(value);
        case 14: return !wire::ascii_iequals(name, "content-length") || content_length(value);
        case 16: return !wire::ascii_iequals(name, "proxy-connection");
        case 17: return !wire::ascii_iequals(name, "transfer-encoding");
        default: return true;
        }
    }

    bool connection(std::string_view value) noexcept
    {
        if (!wire::ascii_iequals(value, "close")) {
            return wire::ascii_iequals(value, "keep-alive");
        }
        head_.keep_alive = false;
        return true;
    }

    // Eighteen digits fit into 64 bits.
    bool content_length(std::string_view value) noexcept
    {
        if (has_length_ || value.empty() || value.size() > 18 ||
            !wire::all_of_class(value, wire::char_digit)) {
            return false;
        }
        has_length_ = true;
        std::from_chars(value.data(), value.data() + value.size(), head_.length);
        return true;
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    plain_head head_;
    bool has_length_ = false;
};

} // namespace

std::optional<plain_head> read_plain_head(std::string_view bytes,
                                          std::vector<response_parser::field_place>& places,
                                          std::size_t max_fields)
{
    reader head(bytes);
    places.clear();
    if (head.take_status_line() && head.take_fields(places, max_fields)) {
        return head.result();
    }
    places.clear();
    return std::nullopt;
}

} // namespace cogate::transports

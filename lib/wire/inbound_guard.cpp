#include "lib/wire/inbound_guard.hpp"

#include "lib/wire/authority.hpp"
#include "lib/wire/header.hpp"
#include "lib/wire/sensitive_field.hpp"

#include <charconv>

namespace cogate::wire {

namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t max_method = 32;

/// Length of "http://" or "https://" at the front, 0 without one.
std::size_t scheme_prefix(std::string_view target) noexcept
{
    for (const std::string_view prefix : {std::string_view("http://"), std::string_view("https://")}) {
        if (ascii_iequals(target.substr(0, prefix.size()), prefix)) {
            return prefix.size();
        }
    }
    return 0;
}

/// True for a list of known codings in which chunked, if there, is last: legal, but nothing we decode.
bool known_codings(std::string_view list) noexcept
{
    bool chunked = false;
    if (list.ends_with(',')) {
        return false;
    }
    while (!list.empty()) {
        const std::string_view coding = next_list_element(list);
        const bool known = ascii_iequals(coding, "gzip") || ascii_iequals(coding, "x-gzip") ||
                           ascii_iequals(coding, "deflate") || ascii_iequals(coding, "compress") ||
                           ascii_iequals(coding, "x-compress");
        if (chunked || (!known && !ascii_iequals(coding, "chunked"))) {
            return false;
        }
        chunked = !known;
    }
    return true;
}

} // namespace

raw_head_check::limits inbound_guard::raw_limits(const inbound_limits& limits) noexcept
{
    return {.max_head_bytes = limits.max_head_bytes,
            .max_request_line = limits.max_target + max_method + sizeof "  HTTP/1.1",
            .max_fields = limits.max_fields};
}

void inbound_guard::reset()
{
    raw_.reset();
    verdict_ = {};
    facts_.content_length.reset();
    facts_.chunked = facts_.keep_alive = facts_.expect_continue = false;
    facts_.host.clear();
    absolute_.clear();
    fields_ = trailer_bytes_ = 0;
    version_ = 11;
    seen_ = 0;
    absolute_port_ = 0;
    close_wish_ = keep_wish_ = false;
}

bool inbound_guard::refuse(int status, const char* reason) noexcept
{
    if (verdict_.ok) {
        verdict_ = {.ok = false, .status = status, .reason = reason};
        facts_.keep_alive = false;
    }
    return false;
}

std::size_t inbound_guard::raw_head(std::string_view bytes)
{
    const std::size_t used = raw_.feed(bytes);
    if (!raw_.result().ok) {
        refuse(raw_.result().status, raw_.result().reason);
    }
    return used;
}

bool inbound_guard::request_line(std::string_view method, std::string_view target, unsigned version)
{
    if (!verdict_.ok) {
        return false;
    }
    version_ = version;
    if (version != 10 && version != 11) {
        return refuse(505, "HTTP version not supported");
    }
    if (!valid_field_name(method) || method.size() > max_method) {
        return refuse(400, "invalid method");
    }
    if (method == "CONNECT" || method == "TRACE" || method == "TRACK") {
        return refuse(405, "method not allowed");
    }
    if (target.size() > limits_.max_target) {
        return refuse(414, "request target too long");
    }
    // '#' never goes over the wire, and '\' is a path separator to some readers only.
    if (!valid_target(target) || target.find('#') != npos || target.find('\\') != npos) {
        return refuse(400, "invalid request target");
    }
    return target_form(method, target);
}

bool inbound_guard::target_form(std::string_view method, std::string_view target)
{
    if (target == "*") {
        return method == "OPTIONS" || refuse(400, "asterisk target needs OPTIONS");
    }
    if (target.front() == '/') {
        return true;
    }
    const std::size_t prefix = scheme_prefix(target);
    if (prefix == 0) {
        return refuse(400, "invalid request target");
    }
    // "http://host?query" ends the authority without a path; refusing it keeps `origin_form` a plain view.
    const std::string_view rest = target.substr(prefix);
    absolute_.assign(rest.substr(0, rest.find('/')));
    absolute_port_ = prefix == std::string_view("https://").size() ? 443 : 80;
    return parse_authority(absolute_).has_value() || refuse(400, "invalid authority in the request target");
}

bool inbound_guard::field(std::string_view name, std::string_view value)
{
    if (!verdict_.ok) {
        return false;
    }
    if (++fields_ > limits_.max_fields) {
        return refuse(431, "too many fields");
    }
    if (!valid_field_name(name)) {
        return refuse(400, "invalid field name");
    }
    if (!valid_field_value(value)) {
        return refuse(400, "control character in a field value");
    }
    const sensitive_field* known = find_sensitive_field(name);
    if (known == nullptr) {
        return true;
    }
    // Readers that map '-' to '_' (CGI and its heirs) would take such a name for the real one.
    if (name.find('_') != npos) {
        return refuse(400, "underscore variant of a reserved field");
    }
    if (known->single && (seen_ & (1U << static_cast<unsigned>(known->id))) != 0) {
        return refuse(400, known->repeated);
    }
    seen_ |= 1U << static_cast<unsigned>(known->id);
    return known_field(*known, trim_ows(value));
}

bool inbound_guard::known_field(const sensitive_field& field, std::string_view value)
{
    switch (field.id) {
    case field_id::host: facts_.host.assign(value); return true;
    case field_id::content_length: return content_length(value);
    case field_id::transfer_encoding: return transfer_encoding(value);
    case field_id::connection: return connection(value);
    case field_id::expect:
        facts_.expect_continue = ascii_iequals(value, "100-continue");
        return facts_.expect_continue || refuse(417, "unknown expectation");
    case field_id::content_encoding:
        return value.empty() || ascii_iequals(value, "identity") ||
               refuse(415, "content coding not supported");
    default: return true;
    }
}

bool inbound_guard::content_length(std::string_view value)
{
    if (value.empty() || !all_of_class(value, char_digit) || (value.size() > 1 && value.front() == '0')) {
        return refuse(400, "invalid Content-Length");
    }
    std::uint64_t length = 0;
    const std::from_chars_result got = std::from_chars(value.data(), value.data() + value.size(), length);
    if (got.ec != std::errc()) {
        return refuse(400, "invalid Content-Length");
    }
    facts_.content_length = length;
    return true;
}

bool inbound_guard::transfer_encoding(std::string_view value)
{
    facts_.chunked = ascii_iequals(value, "chunked");
    if (facts_.chunked) {
        return true;
    }
    return known_codings(value) && !value.empty() ? refuse(501, "transfer coding not supported")
                                                  : refuse(400, "invalid Transfer-Encoding");
}

bool inbound_guard::connection(std::string_view value)
{
    while (!value.empty()) {
        const std::string_view option = next_list_element(value);
        if (!option.empty() && !valid_field_name(option)) {
            return refuse(400, "invalid Connection");
        }
        close_wish_ = close_wish_ || ascii_iequals(option, "close");
        keep_wish_ = keep_wish_ || ascii_iequals(option, "keep-alive");
    }
    return true;
}

bool inbound_guard::host_agrees()
{
    const bool has_host = (seen_ & (1U << static_cast<unsigned>(field_id::host))) != 0;
    if (!has_host || facts_.host.empty()) {
        if (version_ >= 11 || !absolute_.empty()) {
            return refuse(400, has_host ? "empty Host" : "missing Host");
        }
        return true;
    }
    const std::optional<authority> host = parse_authority(facts_.host);
    if (!host) {
        return refuse(400, "invalid Host");
    }
    if (absolute_.empty()) {
        return true;
    }
    const std::optional<authority> named = parse_authority(absolute_);
    const bool same = named && ascii_iequals(named->host, host->host) &&
                      named->port.value_or(absolute_port_) == host->port.value_or(absolute_port_);
    return same || refuse(400, "request target and Host disagree");
}

const verdict& inbound_guard::finish()
{
    if (!verdict_.ok || !host_agrees()) {
        return verdict_;
    }
    if (facts_.chunked && facts_.content_length) {
        refuse(400, "both Transfer-Encoding and Content-Length");
    } else if (facts_.chunked && version_ < 11) {
        refuse(400, "Transfer-Encoding in HTTP/1.0");
    } else if (facts_.content_length.value_or(0) > limits_.max_body_bytes) {
        refuse(413, "request body too large");
    } else {
        facts_.keep_alive = !close_wish_ && (version_ >= 11 || keep_wish_);
        // RFC 9110 10.1.1: an expectation in HTTP/1.0 is ignored.
        facts_.expect_continue = facts_.expect_continue && version_ >= 11;
    }
    return verdict_;
}

bool inbound_guard::trailer(std::string_view name, std::string_view value)
{
    if (!verdict_.ok) {
        return false;
    }
    trailer_bytes_ += name.size() + value.size() + 4;
    if (++fields_ > limits_.max_fields || trailer_bytes_ > limits_.max_trailer_bytes) {
        return refuse(431, "trailer section too large");
    }
    if (!valid_field_name(name) || !valid_field_value(value)) {
        return refuse(400, "invalid trailer field");
    }
    return find_sensitive_field(name) == nullptr || refuse(400, "reserved field in the trailer section");
}

std::string_view origin_form(std::string_view target) noexcept
{
    const std::size_t prefix = scheme_prefix(target);
    if (prefix == 0) {
        return target;
    }
    const std::size_t begin = target.find('/', prefix);
    return begin == npos ? std::string_view("/") : target.substr(begin);
}

} // namespace cogate::wire

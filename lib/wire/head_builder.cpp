#include "lib/wire/head_builder.hpp"

#include "lib/core/secret.hpp"
#include "lib/wire/header.hpp"

#include <charconv>

namespace cogate::wire {

namespace {

constexpr std::string_view content_length_name = "Content-Length";
constexpr std::string_view transfer_encoding_name = "Transfer-Encoding";
constexpr std::string_view host_name = "Host";

/// "name: value" and the line's end, with one growth of the text instead of four.
void append_line(std::string& out, std::string_view name, std::string_view value)
{
    std::size_t at = out.size();
    out.resize(at + name.size() + value.size() + 4);
    at += name.copy(out.data() + at, name.size());
    out[at++] = ':';
    out[at++] = ' ';
    at += value.copy(out.data() + at, value.size());
    out[at++] = '\r';
    out[at] = '\n';
}

bool plain_digits(std::string_view value) noexcept
{
    return !value.empty() && value.size() <= 19 && all_of_class(value, char_digit);
}

struct decimal {
    explicit decimal(std::uint64_t value) noexcept
        : size(static_cast<std::size_t>(std::to_chars(text, text + sizeof text, value).ptr - text))
    {}
    std::string_view view() const noexcept { return {text, size}; }

    char text[20];
    std::size_t size;
};

} // namespace

bool head_builder::begin(bool valid)
{
    poisoned_ = poisoned_ || started_ || !valid;
    started_ = true;
    return !poisoned_;
}

bool head_builder::admit(std::string_view name, std::string_view value)
{
    if (!started_ || finished_ || !valid_field_name(name) || !valid_field_value(value)) {
        return false;
    }
    if (name.size() != content_length_name.size() && name.size() != transfer_encoding_name.size() &&
        name.size() != host_name.size()) {
        return true;
    }
    const bool length = ascii_iequals(name, content_length_name);
    if (length || ascii_iequals(name, transfer_encoding_name)) {
        const bool legal = !framed_ && (length ? plain_digits(value) : ascii_iequals(value, "chunked"));
        framed_ = true;
        return legal;
    }
    if (ascii_iequals(name, host_name)) {
        const bool legal = !has_host_;
        has_host_ = true;
        return legal;
    }
    return true;
}

head_builder& head_builder::add(std::string_view name, std::string_view value)
{
    if (poisoned_ || !admit(name, value)) {
        poisoned_ = true;
        return *this;
    }
    append_line(out_, name, value);
    return *this;
}

head_builder& head_builder::add(std::string_view name, std::uint64_t value)
{
    return add(name, decimal(value).view());
}

field_block::~field_block()
{
    core::wipe(text_);
}

bool field_block::add(std::string_view name, std::string_view value)
{
    const bool host = ascii_iequals(name, host_name);
    if (!valid_field_name(name) || !valid_field_value(value) || (host && has_host_) ||
        ascii_iequals(name, content_length_name) || ascii_iequals(name, transfer_encoding_name)) {
        return false;
    }
    has_host_ = has_host_ || host;
    append_line(text_, name, value);
    return true;
}

head_builder& head_builder::add(const field_block& fields)
{
    if (!started_ || finished_ || (has_host_ && fields.has_host_)) {
        poisoned_ = true;
    }
    if (!poisoned_) {
        has_host_ = has_host_ || fields.has_host_;
        out_.append(fields.text_);
    }
    return *this;
}

head_builder& head_builder::content_length(std::uint64_t bytes)
{
    poisoned_ = poisoned_ || !started_ || finished_ || framed_;
    framed_ = true;
    if (!poisoned_) {
        append_line(out_, content_length_name, decimal(bytes).view());
    }
    return *this;
}

head_builder& head_builder::chunked()
{
    return add(transfer_encoding_name, std::string_view("chunked"));
}

bool head_builder::finish()
{
    if (poisoned_ || !started_ || finished_) {
        poisoned_ = true;
        out_.resize(begin_);
        return false;
    }
    finished_ = true;
    out_.append("\r\n");
    return true;
}

request_head_builder& request_head_builder::start(std::string_view method, std::string_view target)
{
    return start(method, std::string_view(), target);
}

request_head_builder& request_head_builder::start(std::string_view method, std::string_view base_path,
                                                  std::string_view target)
{
    const bool legal_target = all_of_class(base_path, char_visible) && all_of_class(target, char_visible) &&
                              base_path.size() + target.size() > 0 &&
                              base_path.find('#') == std::string_view::npos &&
                              target.find('#') == std::string_view::npos;
    if (begin(valid_field_name(method) && legal_target)) {
        out_.append(method);
        out_.push_back(' ');
        out_.append(base_path);
        out_.append(target);
        out_.append(" HTTP/1.1\r\n");
    }
    return *this;
}

response_head_builder& response_head_builder::start(int status)
{
    if (begin(status >= 100 && status <= 999)) {
        out_.append("HTTP/1.1 ");
        out_.append(decimal(static_cast<std::uint64_t>(status)).view());
        out_.push_back(' ');
        out_.append(reason_phrase(status));
        out_.append("\r\n");
    }
    return *this;
}

std::string_view reason_phrase(int status) noexcept
{
    switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 424: return "Failed Dependency";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 499: return "Client Closed Request";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 529: return "Site is overloaded";
    default: return {};
    }
}

} // namespace cogate::wire

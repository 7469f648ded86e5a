#include "transports/listener/request_parser.hpp"

#include <boost/beast/http/error.hpp>

namespace cogate::transports {

namespace {

std::string_view standard(boost::beast::string_view text) noexcept
{
    return {text.data(), text.size()};
}

void move_view(std::string_view& view, char const* from, char const* to) noexcept
{
    if (!view.empty()) {
        view = std::string_view(to + (view.data() - from), view.size());
    }
}

} // namespace

void request_parts::clear() noexcept
{
    method = target = {};
    version = 11;
    headers.clear();
}

void request_parts::rebase(char const* from, char const* to) noexcept
{
    move_view(method, from, to);
    move_view(target, from, to);
    for (wire::header& field : headers) {
        move_view(field.name, from, to);
        move_view(field.value, from, to);
    }
}

void request_parser::on_request_impl(boost::beast::http::verb, string_view method, string_view target,
                                     int version, error_code& ec)
{
    parts_.method = standard(method);
    parts_.target = standard(target);
    parts_.version = version;
    if (!guard_.request_line(parts_.method, parts_.target, static_cast<unsigned>(version))) {
        ec = boost::beast::http::error::bad_target;
    }
}

void request_parser::on_field_impl(boost::beast::http::field, string_view name, string_view value,
                                   error_code& ec)
{
    wire::header const field{standard(name), standard(value)};
    if (trailers_) {
        if (!guard_.trailer(field.name, field.value)) {
            ec = boost::beast::http::error::bad_field;
        }
        return;
    }
    if (!guard_.field(field.name, field.value)) {
        ec = boost::beast::http::error::bad_field;
        return;
    }
    parts_.headers.push_back(field);
}

void request_parser::on_header_impl(error_code& ec)
{
    trailers_ = true;
    if (!guard_.finish().ok) {
        ec = boost::beast::http::error::bad_field;
    }
}

std::size_t request_parser::on_body_impl(string_view, error_code& ec)
{
    // Bodies with a length never pass through the parser.
    ec = boost::beast::http::error::bad_content_length;
    return 0;
}

void request_parser::on_chunk_header_impl(std::uint64_t, string_view extensions, error_code& ec)
{
    if (extensions.size() > max_chunk_overhead) {
        ec = boost::beast::http::error::bad_chunk_extension;
    }
}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t, string_view body, error_code&)
{
    body_.append(standard(body));
    return body.size();
}

} // namespace cogate::transports

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

void request_parser::on_field_impl(boost::beast::http::field, string_view name, string_view value,
                                   error_code& ec)
{
    if (trailers_ && !guard_.trailer(standard(name), standard(value))) {
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

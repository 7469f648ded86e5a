#include "transports/http/response_parser.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

#include <cstring>
#include <limits>

namespace cogate::transports {

namespace http = boost::beast::http;

response_parser::response_parser(std::vector<field_place>& places, std::size_t max_fields)
    : places_(places), max_fields_(max_fields)
{
    // The caller bounds both: heads by its buffer, bodies by its own back-pressure.
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(boost::none);
    places_.clear();
}

void response_parser::window(char* data, std::size_t size) noexcept
{
    data_ = data;
    size_ = size;
}

void response_parser::start_piece() noexcept
{
    piece_ = nullptr;
    piece_size_ = 0;
}

void response_parser::refuse(char const* why, error_code& ec) noexcept
{
    refusal_ = why;
    ec = http::error::bad_value;
}

void response_parser::on_request_impl(http::verb, text, text, int, error_code& ec)
{
    refuse("a request came instead of a response", ec);
}

void response_parser::on_response_impl(int code, text, int version, error_code& ec)
{
    status_ = code;
    version_ = version;
    if (code < 100 || code > 599) {
        refuse("the status code is out of range", ec);
    } else if (code == 101) {
        refuse("the upstream switched protocols unasked", ec);
    }
}

void response_parser::on_field_impl(http::field id, text name, text value, error_code& ec)
{
    if (is_header_done()) {
        return; // a trailer: nothing here may rest on it
    }
    // Beast joins folded lines in memory of its own, so such a value lies outside the buffer.
    const bool inside =
        value.empty() || (value.data() >= data_ && value.data() + value.size() <= data_ + size_);
    if (!inside) {
        refuse("a header line is folded", ec);
        return;
    }
    if (places_.size() == max_fields_) {
        refuse("the head has too many fields", ec);
        return;
    }
    if (id == http::field::content_length) {
        content_length_ = true;
    } else if (id == http::field::transfer_encoding) {
        if (transfer_encoding_ || !boost::beast::iequals(value, "chunked") || http_1_0()) {
            refuse("the transfer encoding is not exactly one 'chunked'", ec);
            return;
        }
        transfer_encoding_ = true;
    }
    if (content_length_ && transfer_encoding_) {
        refuse("the head has both a length and a transfer encoding", ec);
        return;
    }
    const auto offset = [this](text part) {
        return part.empty() ? 0U : static_cast<std::uint32_t>(part.data() - data_);
    };
    places_.push_back({offset(name), static_cast<std::uint32_t>(name.size()), offset(value),
                       static_cast<std::uint32_t>(value.size())});
}

void response_parser::on_header_impl(error_code&) {}

void response_parser::on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) {}

std::size_t response_parser::on_body_impl(text body, error_code&)
{
    gather(body);
    return body.size();
}

void response_parser::on_chunk_header_impl(std::uint64_t size, text, error_code&)
{
    chunk_left_ = size;
    seen_chunk_ = true;
}

std::size_t response_parser::on_chunk_body_impl(std::uint64_t remain, text body, error_code&)
{
    chunk_left_ = remain - body.size();
    gather(body);
    return body.size();
}

void response_parser::on_finish_impl(error_code&) {}

void response_parser::gather(text fragment) noexcept
{
    if (fragment.empty()) {
        return;
    }
    char* const from = data_ + (fragment.data() - data_);
    if (piece_ == nullptr) {
        piece_ = from;
    } else {
        // Only bytes that were parsed already lie between the end of the piece and the fragment.
        std::memmove(piece_ + piece_size_, from, fragment.size());
    }
    piece_size_ += fragment.size();
}

} // namespace cogate::transports

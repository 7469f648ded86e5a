#pragma once

#include "lib/wire/header.hpp"
#include "lib/wire/inbound_guard.hpp"
#include "transports/listener/byte_buffer.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cogate::transports {

/// What a request's head says, as views into the connection's read buffer. Reused from request to request, so
/// that a keep-alive request allocates nothing for it.
struct request_parts {
    std::string_view method;
    std::string_view target;
    int version = 11;
    std::vector<wire::header> headers;

    void clear() noexcept;
    /// The bytes moved from `from` to `to`; the views follow.
    void rebase(char const* from, char const* to) noexcept;
};

/// Beast's parser for one chunked body, driven by hand. It is given the whole head first, which has been
/// judged and taken apart already, then the bytes of the body. Trailers go through the guard; its refusal
/// stops it.
class request_parser final : public boost::beast::http::basic_parser<true> {
public:
    /// Both must outlive the parser.
    request_parser(wire::inbound_guard& guard, byte_buffer& body) noexcept : guard_(guard), body_(body) {}

private:
    using string_view = boost::beast::string_view;
    using error_code = boost::beast::error_code;

    void on_request_impl(boost::beast::http::verb, string_view, string_view, int, error_code&) override {}
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(boost::beast::http::field, string_view name, string_view value,
                       error_code& ec) override;
    void on_header_impl(error_code&) override { trailers_ = true; }
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(string_view body, error_code& ec) override;
    void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& ec) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, string_view body, error_code& ec) override;
    void on_finish_impl(error_code&) override {}

    wire::inbound_guard& guard_;
    byte_buffer& body_;
    bool trailers_ = false;
};

/// Longest line of a chunk, and longest last chunk with its trailer section.
inline constexpr std::size_t max_chunk_overhead = 8 * 1024;

} // namespace cogate::transports

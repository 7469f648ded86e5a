#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cogate::transports {

/// Beast's parser for one response, driven by hand: fields are noted as places in the caller's buffer, body
/// fragments are moved together in place, and what Beast 1.81 lets pass but makes framing doubtful is refused.
/// For `response_reader` only.
class response_parser final : public boost::beast::http::basic_parser<false> {
public:
    using base = boost::beast::http::basic_parser<false>;
    using error_code = boost::beast::error_code;

    /// Where a field lies, as offsets from the base of the buffer.
    struct field_place {
        std::uint32_t name_at, name_size, value_at, value_size;
    };

    response_parser(std::vector<field_place>& places, std::size_t max_fields);

    /// Where the buffer that `put` is given from starts and ends; it may move between calls.
    void window(char* data, std::size_t size) noexcept;
    /// Where decoded body bytes gather: at the first fragment of this `put`.
    void start_piece() noexcept;
    std::string_view piece() const noexcept { return {piece_, piece_size_}; }

    int status() const noexcept { return status_; }
    bool http_1_0() const noexcept { return version_ == 10; }
    /// Whether the next byte is one of chunk data.
    bool inside_chunk() const noexcept { return chunk_left_ != 0; }
    bool seen_chunk() const noexcept { return seen_chunk_; }
    /// Static text of a refusal by this class; nullptr when Beast refused.
    char const* refusal() const noexcept { return refusal_; }

private:
    using text = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb, text, text, int, error_code&) override;
    void on_response_impl(int code, text reason, int version, error_code& ec) override;
    void on_field_impl(boost::beast::http::field id, text name, text value, error_code& ec) override;
    void on_header_impl(error_code& ec) override;
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code& ec) override;
    std::size_t on_body_impl(text body, error_code& ec) override;
    void on_chunk_header_impl(std::uint64_t size, text extensions, error_code& ec) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, text body, error_code& ec) override;
    void on_finish_impl(error_code& ec) override;

    void refuse(char const* why, error_code& ec) noexcept;
    void gather(text fragment) noexcept;

    std::vector<field_place>& places_;
    std::size_t max_fields_;
    char* data_ = nullptr;
    std::size_t size_ = 0;
    char* piece_ = nullptr;
    std::size_t piece_size_ = 0;
    std::uint64_t chunk_left_ = 0;
    int status_ = 0;
    int version_ = 0;
    char const* refusal_ = nullptr;
    bool seen_chunk_ = false;
    bool transfer_encoding_ = false;
    bool content_length_ = false;
};

} // namespace cogate::transports

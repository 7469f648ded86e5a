#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cogate::transports::mock {

/// Head of one request, as far as the mock looks at it. Views into the parsed bytes.
struct request_head {
    std::string_view method;
    std::string_view target;
    std::string_view authorization;
    std::size_t head_bytes = 0;
    std::size_t content_length = 0;
    bool chunked = false;
    bool keep_alive = true;
    bool expects_continue = false;
};

enum class read_status : std::uint8_t { complete, need_more, bad };

/// Caps of one request.
inline constexpr std::size_t longest_head = 64 * 1024;
inline constexpr std::size_t longest_body = 64 * 1024 * 1024;

/// Reads a request head off the front of `bytes`: cheap, not a validator; it stands behind no attacker. Pure.
read_status read_request_head(std::string_view bytes, request_head& head);

/// Decodes a chunked body off the front of `bytes` into `body`; `used` is what it took. Pure.
read_status read_chunked(std::string_view bytes, std::string& body, std::size_t& used);

/// What decides the answer; texts are the insides of JSON strings, escapes left as they are.
struct asked {
    std::string_view model;
    std::string_view tool; ///< name of the first tool when the last message asks to call it
    std::size_t inputs = 1;
    std::size_t dimensions = 16;
    bool stream = false;
    bool include_usage = false;
    bool base64 = false;
};

/// Looks at the top-level members of a JSON body, skipping from quote to quote. Anything odd is left at its default.
asked scan_body(std::string_view body);

} // namespace cogate::transports::mock

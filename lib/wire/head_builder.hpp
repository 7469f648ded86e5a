#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cogate::wire {

/// Fields that many heads share, checked once and then copied: credentials, Host, constants.
/// Holds secrets perhaps, so it shows its text to the head builders only and overwrites it at the end.
class field_block {
public:
    field_block() = default;
    field_block(const field_block&) = default;
    field_block(field_block&&) = default;
    field_block& operator=(const field_block&) = default;
    field_block& operator=(field_block&&) = default;
    ~field_block();

    /// False: refused as `head_builder::add` would, and the block is as it was. Framing fields are refused.
    [[nodiscard]] bool add(std::string_view name, std::string_view value);

private:
    friend class head_builder;
    std::string text_;
    bool has_host_ = false;
};

/// Writes the head of one HTTP/1.1 message to the end of a caller's string: the single choke point through
/// which every outgoing field passes. Anything that could change the framing or smuggle a line poisons the
/// builder: a control character other than HTAB in a value, a name that is no token, a bad target or
/// status, a second Content-Length, Transfer-Encoding or Host, both framing fields, a call out of order.
/// Then `finish` is false and the string is as long as it was before. No allocation but the string's own.
///
/// The string must outlive the builder and must not be touched by others in between. Not thread safe.
class head_builder {
public:
    head_builder& add(std::string_view name, std::string_view value);
    head_builder& add(std::string_view name, std::uint64_t value);
    head_builder& add(const field_block& fields);
    head_builder& content_length(std::uint64_t bytes);
    head_builder& chunked();

    /// Ends the head. False: the head was refused and nothing has been appended.
    [[nodiscard]] bool finish();

    /// False as soon as something was refused.
    bool ok() const noexcept { return !poisoned_; }

protected:
    explicit head_builder(std::string& out) noexcept : out_(out), begin_(out.size()) {}
    ~head_builder() = default;
    head_builder(const head_builder&) = delete;
    head_builder& operator=(const head_builder&) = delete;

    bool begin(bool valid);

    std::string& out_;

private:
    bool admit(std::string_view name, std::string_view value);

    std::size_t begin_;
    bool started_ = false;
    bool finished_ = false;
    bool poisoned_ = false;
    bool framed_ = false;
    bool has_host_ = false;
};

/// Head of a request. `target` is written as it is: visible ASCII only, no fragment.
class request_head_builder : public head_builder {
public:
    explicit request_head_builder(std::string& out) noexcept : head_builder(out) {}

    request_head_builder& start(std::string_view method, std::string_view target);
    /// The same with the target in two parts, for a base path and the rest.
    request_head_builder& start(std::string_view method, std::string_view base_path, std::string_view target);
};

/// Head of a response; always HTTP/1.1. Unknown codes get an empty reason.
class response_head_builder : public head_builder {
public:
    explicit response_head_builder(std::string& out) noexcept : head_builder(out) {}

    response_head_builder& start(int status);
};

/// Reason phrase of a status code (RFC 9110 15), empty for a code not in the table.
std::string_view reason_phrase(int status) noexcept;

} // namespace cogate::wire

#pragma once
/// Writes JSON text to the end of a caller's string. Commas and colons are put by the writer; matching begin
/// with end and keys with values is the caller's part. No whitespace is written.
/// Lifetime: the string must outlive the writer.
/// Thread safety: one thread at a time.
///
/// Numbers: integers exactly; doubles as append_double documents (0.7 is "0.7", 1.0 is "1.0", NaN is null).
/// Strings: as append_quoted documents (minimal escapes, ill-formed UTF-8 becomes U+FFFD).

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cogate::json {

class writer {
public:
    /// Text already in `out` is left as it is.
    explicit writer(std::string& out) noexcept : out_(out) {}

    writer& begin_object() { return open('{'); }
    writer& end_object() { return close('}'); }
    writer& begin_array() { return open('['); }
    writer& end_array() { return close(']'); }

    writer& key(std::string_view name);

    writer& value(std::string_view text);
    writer& value(const char* text) { return value(std::string_view(text)); }
    writer& value(const std::string& text) { return value(std::string_view(text)); }
    writer& value(std::nullptr_t) { return raw("null"); }
    writer& value(double number);

    template <std::same_as<bool> T>
    writer& value(T truth)
    {
        return raw(truth ? "true" : "false");
    }

    template <std::integral T>
        requires(!std::same_as<T, bool> && !std::same_as<T, char>)
    writer& value(T number)
    {
        if constexpr (std::signed_integral<T>) {
            return integer(static_cast<std::int64_t>(number));
        } else {
            return natural(static_cast<std::uint64_t>(number));
        }
    }

    /// One value that is JSON text already; it is not checked.
    writer& raw(std::string_view json_text);

    /// key() and value() in one.
    template <class T>
    writer& member(std::string_view name, const T& v)
    {
        return key(name).value(v);
    }

    writer& raw_member(std::string_view name, std::string_view json_text) { return key(name).raw(json_text); }

private:
    writer& open(char bracket);
    writer& close(char bracket);
    writer& integer(std::int64_t number);
    writer& natural(std::uint64_t number);

    void separate()
    {
        if (comma_) {
            out_ += ',';
        }
        comma_ = true;
    }

    std::string& out_;
    bool comma_ = false; // a value stands before what comes next
};

} // namespace cogate::json

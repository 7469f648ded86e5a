#include "lib/wire/head_splitter.hpp"

#include <algorithm>

namespace cogate::wire {

namespace {

/// 11 for "HTTP/1.1", 0 for anything but "HTTP/" and two digits with a point between them.
unsigned version_of(std::string_view text) noexcept
{
    const bool named = text.size() == 8 && text.starts_with("HTTP/") && has_class(text[5], char_digit) &&
                       text[6] == '.' && has_class(text[7], char_digit);
    return named ? static_cast<unsigned>((text[5] - '0') * 10 + (text[7] - '0')) : 0;
}

} // namespace

// A CR is there and a LF behind it: the raw check lets no other head pass.
std::string_view head_splitter::take_line() noexcept
{
    const std::string_view line = left_.substr(0, left_.find('\r'));
    left_.remove_prefix(std::min(left_.size(), line.size() + 2));
    return line;
}

request_line head_splitter::take_request_line() noexcept
{
    const std::string_view line = take_line();
    const std::size_t method_end = std::min(line.find(' '), line.size());
    const std::string_view rest = line.substr(std::min(method_end + 1, line.size()));
    const std::size_t target_end = std::min(rest.find(' '), rest.size());
    return {line.substr(0, method_end), rest.substr(0, target_end),
            version_of(rest.substr(std::min(target_end + 1, rest.size())))};
}

bool head_splitter::take_field(header& field) noexcept
{
    const std::string_view line = take_line();
    if (line.empty()) {
        return false;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    field = {line.substr(0, colon), trim_ows(line.substr(std::min(colon + 1, line.size())))};
    return true;
}

} // namespace cogate::wire

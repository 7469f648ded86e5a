#include "transports/mock_server/request.hpp"

#include "lib/core/text.hpp"

#include <charconv>
#include <system_error>

namespace cogate::transports::mock {

namespace {

bool read_field(std::string_view name, std::string_view value, request_head& head)
{
    if (core::iequals(name, "content-length")) {
        const auto length = core::parse_int<std::size_t>(value);
        head.content_length = length.value_or(0);
        return length && *length <= longest_body;
    }
    if (core::iequals(name, "transfer-encoding")) {
        head.chunked = core::iequals(value, "chunked");
        return head.chunked;
    }
    if (core::iequals(name, "connection")) {
        head.keep_alive =
            core::iequals(value, "close") ? false : head.keep_alive || core::iequals(value, "keep-alive");
    } else if (core::iequals(name, "authorization")) {
        head.authorization = value;
    } else if (core::iequals(name, "expect")) {
        head.expects_continue = core::iequals(value, "100-continue");
    }
    return true;
}

bool is_space(char c) noexcept
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// Position behind the closing quote of the string that starts at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) noexcept
{
    for (std::size_t quote = text.find('"', at + 1); quote != std::string_view::npos;
         quote = text.find('"', quote + 1)) {
        std::size_t slashes = 0;
        while (text[quote - 1 - slashes] == '\\') {
            ++slashes;
        }
        if (slashes % 2 == 0) {
            return quote + 1;
        }
    }
    return text.size();
}

/// Position behind the value that starts at `at`: the next comma or closing bracket of its own level.
std::size_t skip_value(std::string_view text, std::size_t at) noexcept
{
    int depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = skip_string(text, at);
            continue;
        }
        if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth-- == 0) {
                return at;
            }
        } else if (c == ',' && depth == 0) {
            return at;
        }
        ++at;
    }
    return at;
}

std::string_view inside_quotes(std::string_view value) noexcept
{
    return value.size() >= 2 && value.front() == '"' ? value.substr(1, value.size() - 2) : std::string_view();
}

/// The value of a key anywhere below `value`: the first one that is a string.
std::string_view first_string(std::string_view value, std::string_view quoted_key)
{
    const std::size_t at = value.find(quoted_key);
    if (at == std::string_view::npos) {
        return {};
    }
    const std::size_t begin = value.find('"', at + quoted_key.size());
    return begin == std::string_view::npos
               ? std::string_view()
               : inside_quotes(value.substr(begin, skip_string(value, begin) - begin));
}

/// How many texts an embeddings input holds: a string or one list of tokens is one.
std::size_t count_inputs(std::string_view value)
{
    std::size_t at = 1;
    while (at < value.size() && is_space(value[at])) {
        ++at;
    }
    if (value.empty() || value.front() != '[' || at >= value.size() ||
        (value[at] != '"' && value[at] != '[')) {
        return 1;
    }
    std::size_t count = 1;
    for (at = skip_value(value, at); at < value.size() && value[at] == ','; at = skip_value(value, at + 1)) {
        ++count;
    }
    return count < 4096 ? count : 4096;
}

void take_member(std::string_view key, std::string_view value, asked& out, std::string_view& tools,
                 std::string_view& messages)
{
    if (key == "model") {
        const std::string_view name = inside_quotes(value);
        out.model = name.size() <= 256 ? name : std::string_view("mock");
    } else if (key == "stream") {
        out.stream = value == "true";
    } else if (key == "stream_options") {
        const std::size_t at = value.find("\"include_usage\"");
        out.include_usage = at != std::string_view::npos && value.find("true", at) != std::string_view::npos;
    } else if (key == "tools") {
        tools = value;
    } else if (key == "messages") {
        messages = value;
    } else if (key == "input") {
        out.inputs = count_inputs(value);
    } else if (key == "dimensions") {
        const auto wanted = core::parse_int<std::size_t>(value);
        out.dimensions = wanted && *wanted >= 1 && *wanted <= 4096 ? *wanted : out.dimensions;
    } else if (key == "encoding_format") {
        out.base64 = value == "\"base64\"";
    }
}

} // namespace

read_status read_request_head(std::string_view bytes, request_head& head)
{
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return bytes.size() > longest_head ? read_status::bad : read_status::need_more;
    }
    head = request_head{};
    head.head_bytes = end + 4;
    std::string_view lines = bytes.substr(0, end + 2);
    const std::string_view start = lines.substr(0, lines.find("\r\n"));
    const std::size_t first = start.find(' ');
    const std::size_t second = start.rfind(' ');
    if (first == std::string_view::npos || second <= first || !start.substr(second).starts_with(" HTTP/1.")) {
        return read_status::bad;
    }
    head.method = start.substr(0, first);
    head.target = start.substr(first + 1, second - first - 1);
    head.keep_alive = start.ends_with("1.1");
    lines.remove_prefix(start.size() + 2);
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find("\r\n"));
        const auto field = core::split_once(line, ':');
        if (!field || !read_field(field->first, core::trim(field->second), head)) {
            return read_status::bad;
        }
        lines.remove_prefix(line.size() + 2);
    }
    return read_status::complete;
}

read_status read_chunked(std::string_view bytes, std::string& body, std::size_t& used)
{
    body.clear();
    used = 0;
    for (;;) {
        const std::string_view rest = bytes.substr(used);
        const std::size_t line = rest.find("\r\n");
        if (line == std::string_view::npos) {
            return read_status::need_more;
        }
        std::size_t size = 0;
        const auto read = std::from_chars(rest.data(), rest.data() + line, size, 16);
        if (read.ec != std::errc{} || size > longest_body - body.size()) {
            return read_status::bad;
        }
        if (rest.size() < line + 2 + size + 2) {
            return read_status::need_more;
        }
        body.append(rest, line + 2, size);
        used += line + 2 + size + 2;
        if (size == 0) {
            return read_status::complete;
        }
    }
}

asked scan_body(std::string_view body)
{
    asked out;
    std::string_view tools;
    std::string_view messages;
    std::size_t at = body.find('{');
    while (at < body.size() && body[at] != '}') {
        const std::size_t key = body.find('"', at + 1);
        if (key == std::string_view::npos) {
            break;
        }
        const std::size_t key_end = skip_string(body, key);
        std::size_t value = body.find(':', key_end);
        if (value == std::string_view::npos) {
            break;
        }
        do {
            ++value;
        } while (value < body.size() && is_space(body[value]));
        at = skip_value(body, value);
        const std::string_view text = core::trim(body.substr(value, at - value));
        take_member(body.substr(key + 1, key_end - key - 2), text, out, tools, messages);
    }
    if (!tools.empty()) {
        const std::size_t wish = messages.rfind("call the tool");
        const std::size_t done = messages.rfind("\"tool_call_id\"");
        if (wish != std::string_view::npos && (done == std::string_view::npos || done < wish)) {
            out.tool = first_string(tools, "\"name\"");
        }
    }
    return out;
}

} // namespace cogate::transports::mock

#include "lib/wire/multipart_head.hpp"

#include "lib/wire/header.hpp"

#include <algorithm>
#include <utility>

namespace cogate::wire {

namespace {

// A value that readers agree about: a token, or a quoted string without escapes but for the quote's.
bool read_value(std::string_view& rest, std::string& out)
{
    out.clear();
    if (!rest.starts_with('"')) {
        const std::size_t end = std::min(rest.find_first_of("; \t"), rest.size());
        out = rest.substr(0, end);
        rest.remove_prefix(end);
        return !out.empty() && all_of_class(out, char_token);
    }
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return true;
        }
        if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) {
            ++i;
        }
        out += rest[i];
    }
    return false;
}

// Browsers write a quote as %22, a line end as %0D%0A.
std::string decoded(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const std::string_view code = text.substr(0, 3);
        const char c = code == "%22" ? '"' : code == "%0D" ? '\r' : code == "%0A" ? '\n' : text.front();
        text.remove_prefix(c != text.front() ? 3 : 1);
        out += c;
    }
    return out;
}

bool read_disposition(std::string_view value, part_head& out)
{
    constexpr std::string_view type = "form-data";
    if (!ascii_iequals(value.substr(0, type.size()), type)) {
        return false;
    }
    value.remove_prefix(type.size());
    bool named = false;
    bool has_extended = false;
    while (!(value = trim_ows(value)).empty()) {
        if (value.front() != ';') {
            return false;
        }
        value = trim_ows(value.substr(1));
        const std::size_t equals = value.find('=');
        if (equals == std::string_view::npos) {
            return value.empty();
        }
        const std::string_view key = trim_ows(value.substr(0, equals));
        value = trim_ows(value.substr(equals + 1));
        std::string text;
        if (!read_value(value, text)) {
            return false;
        }
        if (ascii_iequals(key, "name") && !named) {
            named = true;
            out.name = decoded(text);
        } else if (ascii_iequals(key, "filename") && !out.is_file) {
            out.is_file = true;
            out.filename = decoded(text);
        } else if (ascii_iequals(key, "filename*") && !has_extended) {
            has_extended = true;
        } else {
            return false;
        }
    }
    out.is_file = out.is_file || has_extended;
    return named;
}

} // namespace

bool parse_part_head(std::string_view fields, part_head& out)
{
    bool disposed = false;
    while (!fields.empty()) {
        const std::size_t end = std::min(fields.find("\r\n"), fields.size());
        const std::string_view line = fields.substr(0, end);
        fields.remove_prefix(std::min(fields.size(), end + 2));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !valid_field_name(line.substr(0, colon))) {
            return false;
        }
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = trim_ows(line.substr(colon + 1));
        if (!valid_field_value(value)) {
            return false;
        }
        if (ascii_iequals(name, "content-disposition")) {
            if (disposed || !read_disposition(value, out)) {
                return false;
            }
            disposed = true;
        } else if (ascii_iequals(name, "content-type")) {
            if (!out.media_type.empty()) {
                return false;
            }
            out.media_type = value;
        } else if (ascii_iequals(name, "content-transfer-encoding") && !ascii_iequals(value, "binary") &&
                   !ascii_iequals(value, "8bit") && !ascii_iequals(value, "7bit")) {
            return false;
        }
    }
    return disposed;
}

std::string multipart_boundary(std::string_view content_type)
{
    constexpr std::string_view type = "multipart/form-data";
    content_type = trim_ows(content_type);
    if (!ascii_iequals(content_type.substr(0, type.size()), type)) {
        return {};
    }
    std::string_view rest = trim_ows(content_type.substr(type.size()));
    std::string boundary;
    while (rest.starts_with(';')) {
        rest = trim_ows(rest.substr(1));
        const std::size_t equals = rest.find('=');
        if (equals == std::string_view::npos) {
            return {};
        }
        const bool ours = ascii_iequals(trim_ows(rest.substr(0, equals)), "boundary");
        rest = trim_ows(rest.substr(equals + 1));
        std::string value;
        if (rest.starts_with('"')) {
            if (!read_value(rest, value)) {
                return {};
            }
        } else {
            // Boundaries with '/' or ':' are common without the quotes they need.
            value = trim_ows(rest.substr(0, rest.find(';')));
            rest.remove_prefix(std::min(rest.find(';'), rest.size()));
        }
        rest = trim_ows(rest);
        if (ours) {
            if (!boundary.empty()) {
                return {};
            }
            boundary = std::move(value);
        }
    }
    const bool good = rest.empty() && !boundary.empty() && boundary.size() <= 70 && boundary.back() != ' ' &&
                      std::all_of(boundary.begin(), boundary.end(), [](char c) {
                          return has_class(c, char_alpha | char_digit) ||
                                 std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
                      });
    return good ? boundary : std::string{};
}

} // namespace cogate::wire

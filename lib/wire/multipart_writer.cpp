#include "lib/wire/multipart_writer.hpp"

#include "lib/core/hash.hpp"
#include "lib/wire/header.hpp"

#include <cstdint>

namespace cogate::wire {

namespace {

constexpr std::string_view disposition = "Content-Disposition: form-data; name=\"";

// The escapes of browsers (WHATWG HTML, multipart/form-data encoding algorithm); NUL cannot be said at all.
void append_escaped(std::string& out, std::string_view name)
{
    for (const char c : name) {
        switch (c) {
        case '"': out += "%22"; break;
        case '\r': out += "%0D"; break;
        case '\n': out += "%0A"; break;
        case '\\': out += "\\\\"; break;
        default: out += has_class(c, char_value) ? c : '_'; break;
        }
    }
}

std::string boundary_text(std::uint64_t hash)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "cogate-form-";
    for (int shift = 60; shift >= 0; shift -= 4) {
        out += digits[(hash >> shift) & 15U];
    }
    return out;
}

} // namespace

void append_field_head(std::string& out, std::string_view name)
{
    out += disposition;
    append_escaped(out, name);
    out += "\"\r\n\r\n";
}

multipart_writer& multipart_writer::field(std::string_view name, std::string_view value)
{
    part& made = parts_.emplace_back(part{{}, value});
    append_field_head(made.head, name);
    return *this;
}

multipart_writer& multipart_writer::file(std::string_view name, std::string_view filename,
                                         std::string_view media_type, std::string_view bytes)
{
    const bool usable = !media_type.empty() && valid_field_value(media_type);
    part& made = parts_.emplace_back(part{std::string(disposition), bytes});
    append_escaped(made.head, name);
    made.head += "\"; filename=\"";
    append_escaped(made.head, filename);
    made.head += "\"\r\nContent-Type: ";
    made.head += usable ? media_type : std::string_view("application/octet-stream");
    made.head += "\r\n\r\n";
    return *this;
}

std::string multipart_writer::free_boundary() const
{
    std::uint64_t hash = parts_.size();
    for (part const& p : parts_) {
        hash = core::hash64(p.content, core::hash64(p.head, hash));
    }
    // Whoever made the contents may know the hash, so look.
    for (;; hash = core::mix64(hash + 1)) {
        std::string text = boundary_text(hash);
        bool taken = false;
        for (part const& p : parts_) {
            taken = taken || p.content.find(text) != std::string_view::npos;
        }
        if (!taken) {
            return text;
        }
    }
}

std::string multipart_writer::write(std::string& out) const
{
    const std::string boundary = free_boundary();
    std::size_t size = boundary.size() + 8;
    for (part const& p : parts_) {
        size += boundary.size() + 6 + p.head.size() + p.content.size();
    }
    out.reserve(out.size() + size);
    for (part const& p : parts_) {
        out.append("--").append(boundary).append("\r\n").append(p.head).append(p.content).append("\r\n");
    }
    out.append("--").append(boundary).append("--\r\n");
    return "multipart/form-data; boundary=" + boundary;
}

} // namespace cogate::wire

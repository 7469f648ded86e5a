#include "providers/bedrock_converse/media.hpp"

#include "lib/core/text.hpp"
#include "lib/wire/ascii.hpp"

#include <array>

namespace cogate::providers::bedrock_converse {

namespace {

struct row {
    std::string_view type;
    std::string_view extension;
    media_kind kind;
};

constexpr std::array<row, 27> rows = {{
    {"application/pdf", "pdf", {"document", "pdf"}},
    {"text/csv", "csv", {"document", "csv"}},
    {"application/msword", "doc", {"document", "doc"}},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", {"document", "docx"}},
    {"application/vnd.ms-excel", "xls", {"document", "xls"}},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", {"document", "xlsx"}},
    {"text/html", "html", {"document", "html"}},
    {"text/plain", "txt", {"document", "txt"}},
    {"text/markdown", "md", {"document", "md"}},
    {"image/png", "png", {"image", "png"}},
    {"image/jpeg", "jpeg", {"image", "jpeg"}},
    {"image/jpg", "jpg", {"image", "jpeg"}},
    {"image/gif", "gif", {"image", "gif"}},
    {"image/webp", "webp", {"image", "webp"}},
    {"video/mp4", "mp4", {"video", "mp4"}},
    {"video/quicktime", "mov", {"video", "mov"}},
    {"video/x-matroska", "mkv", {"video", "mkv"}},
    {"video/webm", "webm", {"video", "webm"}},
    {"video/x-flv", "flv", {"video", "flv"}},
    {"video/mpeg", "mpeg", {"video", "mpeg"}},
    {"video/3gpp", "3gp", {"video", "three_gp"}},
    {"audio/mpeg", "mp3", {"audio", "mp3"}},
    {"audio/wav", "wav", {"audio", "wav"}},
    {"audio/flac", "flac", {"audio", "flac"}},
    {"audio/aac", "aac", {"audio", "aac"}},
    {"audio/ogg", "ogg", {"audio", "ogg"}},
    {"audio/opus", "opus", {"audio", "opus"}},
}};

constexpr std::size_t longest_name = 190; // of 200, so that a number fits behind

/// Behind the last dot of a name or URL.
std::string_view extension_of(std::string_view name) noexcept
{
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

media_kind by_extension(std::string_view extension) noexcept
{
    for (row const& r : rows) {
        if (core::iequals(r.extension, extension)) {
            return r.kind;
        }
    }
    return {};
}

media_kind by_type(std::string_view type) noexcept
{
    type = wire::trim_ows(type.substr(0, type.find(';')));
    for (row const& r : rows) {
        if (core::iequals(r.type, type)) {
            return r.kind;
        }
    }
    return {};
}

/// The first bytes, as base64 shows them.
std::string_view sniffed(std::string_view base64) noexcept
{
    struct start {
        std::string_view text;
        std::string_view format;
    };
    static constexpr std::array<start, 4> starts = {
        {{"iVBORw0KGgo", "png"}, {"/9j/", "jpeg"}, {"R0lGOD", "gif"}, {"UklGR", "webp"}}};
    for (start const& s : starts) {
        if (base64.starts_with(s.text)) {
            return s.format;
        }
    }
    return {};
}

} // namespace

std::string_view image_format(media_source const& source) noexcept
{
    if (const media_kind kind = by_type(source.media_type); kind.block == "image") {
        return kind.format;
    }
    if (!source.data.empty() && (source.media_type.empty() || source.media_type == "image/*")) {
        return sniffed(source.data);
    }
    const media_kind named = by_extension(extension_of(source.url));
    // A URL is refused for being one, whatever it shows.
    return named.block == "image" ? named.format
           : source.data.empty()  ? std::string_view("png")
                                  : std::string_view{};
}

std::string_view audio_format(media_source const& source, std::string_view named) noexcept
{
    const media_kind kind = named.empty() ? by_type(source.media_type) : by_extension(named);
    return kind.block == "audio" ? kind.format : std::string_view{};
}

media_kind media_of(media_source const& source, std::string_view filename) noexcept
{
    for (media_kind const kind : {by_type(source.media_type), by_extension(extension_of(filename)),
                                  by_extension(extension_of(source.url))}) {
        if (!kind.block.empty()) {
            return kind;
        }
    }
    return {"document", source.data.empty() ? std::string_view("pdf") : std::string_view{}};
}

std::string document_name(std::string_view filename)
{
    if (const std::string_view extension = extension_of(filename); !by_extension(extension).block.empty()) {
        filename.remove_suffix(extension.size() + 1);
    }
    std::string out;
    for (const char c : filename) {
        const bool kept = wire::has_class(c, wire::char_alpha | wire::char_digit) ||
                          std::string_view("-()[]").find(c) != std::string_view::npos;
        if (kept) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
        if (out.size() >= longest_name) {
            break;
        }
    }
    while (!out.empty() && out.back() == ' ') {
        out.pop_back();
    }
    return out.empty() ? "document" : out;
}

} // namespace cogate::providers::bedrock_converse

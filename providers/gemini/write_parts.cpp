#include "providers/gemini/members.hpp"
#include "providers/gemini/parts.hpp"

#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::gemini {

namespace {

std::string_view type_of_extension(std::string_view name) noexcept
{
    struct row {
        std::string_view ending;
        std::string_view type;
    };
    static constexpr std::array<row, 13> rows = {{{".png", "image/png"},
                                                  {".jpg", "image/jpeg"},
                                                  {".jpeg", "image/jpeg"},
                                                  {".webp", "image/webp"},
                                                  {".gif", "image/gif"},
                                                  {".heic", "image/heic"},
                                                  {".pdf", "application/pdf"},
                                                  {".txt", "text/plain"},
                                                  {".md", "text/md"},
                                                  {".csv", "text/csv"},
                                                  {".mp3", "audio/mp3"},
                                                  {".wav", "audio/wav"},
                                                  {".mp4", "video/mp4"}}};
    const std::string_view path = name.substr(0, name.find_first_of("?#"));
    for (row const& r : rows) {
        if (path.size() >= r.ending.size() &&
            core::iequals(path.substr(path.size() - r.ending.size()), r.ending)) {
            return r.type;
        }
    }
    return {};
}

bool write_source(raw_writer& to, media_source const& source, std::string_view type,
                  std::string_view fallback, flavour const& at)
{
    json::writer& out = to.out();
    std::string uri = source.url;
    if (uri.empty() && !source.file_id.empty()) {
        const bool is_uri = source.file_id.find("://") != std::string::npos;
        uri = is_uri || at.vertex ? source.file_id
                                  : "https://generativelanguage.googleapis.com/v1beta/" + source.file_id;
    }
    if (type.empty()) {
        type = type_of_extension(uri);
    }
    if (!uri.empty()) {
        out.key("fileData").begin_object();
        if (!type.empty()) {
            out.member("mimeType", type);
        }
        out.member("fileUri", uri).end_object();
        return true;
    }
    if (source.data.empty()) {
        return false;
    }
    out.key("inlineData").begin_object().member("mimeType", type.empty() ? fallback : type);
    out.member("data", source.data).end_object();
    return true;
}

struct media_writer {
    raw_writer& to;
    flavour const& at;

    bool operator()(image_part const& part) const
    {
        return write(part.source, part.source.media_type, "image/png", part.extra);
    }
    bool operator()(audio_part const& part) const
    {
        const std::string type =
            part.source.media_type.empty() ? audio_type(part.format) : part.source.media_type;
        return write(part.source, type, "audio/wav", part.extra);
    }
    bool operator()(file_part const& part) const
    {
        const std::string_view type = part.source.media_type.empty()
                                          ? type_of_extension(part.filename)
                                          : std::string_view(part.source.media_type);
        return write(part.source, type, "application/pdf", part.extra);
    }
    bool operator()(unknown_part const& part) const
    {
        if (!is_own_part(part)) {
            return false;
        }
        to.element(part.value, part.type);
        return true;
    }
    template <class Other>
    bool operator()(Other const&) const
    {
        return false;
    }

private:
    bool write(media_source const& source, std::string_view type, std::string_view fallback,
               extra_fields const& extra) const
    {
        if (source.url.empty() && source.data.empty() && source.file_id.empty()) {
            return false;
        }
        to.out().begin_object();
        write_source(to, source, type, fallback, at);
        if (raw_json const* video = extra.find("videoMetadata")) {
            to.member("videoMetadata", *video);
        }
        to.out().end_object();
        return true;
    }
};

} // namespace

std::string audio_type(std::string_view format)
{
    return format.empty() ? "audio/wav" : "audio/" + std::string(format);
}

bool write_media(raw_writer& to, content_part const& part, flavour const& at)
{
    return std::visit(media_writer{to, at}, part);
}

void write_call(raw_writer& to, tool_call const& call, std::string_view signature, bool with_id)
{
    json::writer& out = to.out();
    out.begin_object().key("functionCall").begin_object();
    if (with_id && !call.id.empty() && !is_foreign_id(call.id)) {
        out.member("id", call.id);
    }
    out.member("name", call.name).key("args");
    json::document doc;
    json::parse_error error;
    const bool is_empty = core::trim(call.arguments).empty();
    if (!is_empty && doc.parse(call.arguments, error) && doc.root().is_object()) {
        out.raw(doc.root().raw());
    } else {
        out.begin_object();
        if (!is_empty) {
            // Google takes objects only; what a model broke off or wrote freely stays readable.
            out.member("input", call.arguments);
        }
        out.end_object();
    }
    out.end_object();
    if (!signature.empty()) {
        out.member("thoughtSignature", signature);
    }
    out.end_object();
}

} // namespace cogate::providers::gemini

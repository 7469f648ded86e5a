#include "providers/bedrock_converse/parts.hpp"

#include "providers/bedrock_converse/media.hpp"
#include "providers/common/sealed.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::bedrock_converse {

namespace {

bool is_blank(std::string_view text) noexcept
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// Converse's own blocks, kept whole by whoever read them.
bool is_block_name(std::string_view type) noexcept
{
    static constexpr std::array<std::string_view, 13> names = {"text",
                                                               "image",
                                                               "document",
                                                               "video",
                                                               "audio",
                                                               "toolUse",
                                                               "toolResult",
                                                               "guardContent",
                                                               "cachePoint",
                                                               "reasoningContent",
                                                               "citationsContent",
                                                               "searchResult",
                                                               "json"};
    return std::find(names.begin(), names.end(), type) != names.end();
}

bool is_own_block(unknown_part const& part)
{
    json::document doc;
    json::parse_error error;
    return is_block_name(part.type) && doc.parse(part.value.text, error) && doc.root().contains(part.type);
}

void write_source(block_writer& w, media_source const& source, place const& at)
{
    json::writer& out = w.out();
    out.key("source").begin_object();
    if (!source.data.empty()) {
        out.member("bytes", source.data);
    } else if (source.url.starts_with("s3://")) {
        out.key("s3Location").begin_object().member("uri", source.url).end_object();
    } else {
        w.refuse(at, source.file_id.empty()
                         ? "Bedrock fetches no URLs; send the bytes as base64, or an s3:// location"
                         : "Bedrock has no uploaded files; send the bytes as base64");
    }
    out.end_object();
}

void write_media(block_writer& w, std::string_view kind, std::string_view format, media_source const& source,
                 place const& at)
{
    if (format.empty()) {
        w.refuse(at, "Bedrock does not take this media type; use one of its formats and name it");
        return;
    }
    json::writer& out = w.out();
    out.begin_object().key(kind).begin_object().member("format", format);
    write_source(w, source, at);
    out.end_object().end_object();
}

void write_document(block_writer& w, file_part const& part, std::string_view format, place const& at)
{
    json::writer& out = w.out();
    // Two documents of one name are refused.
    std::string name = document_name(part.filename);
    if (const int before = w.document_names[name]++; before != 0) {
        name += " " + std::to_string(before + 1);
    }
    out.begin_object().key("document").begin_object().member("format", format).member("name", name);
    write_source(w, part.source, at);
    for (std::string_view const key : {"citations", "context"}) {
        if (raw_json const* value = part.extra.find(key)) {
            w.to.member(key, *value);
        }
    }
    out.end_object().end_object();
}

void write_file(block_writer& w, file_part const& part, place const& at)
{
    const media_kind kind = media_of(part.source, part.filename);
    if (kind.block == "document" && !kind.format.empty()) {
        write_document(w, part, kind.format, at);
    } else {
        write_media(w, kind.block, kind.format, part.source, at);
    }
}

void write_reasoning(json::writer& out, reasoning_part const& part)
{
    out.begin_object().key("reasoningContent").begin_object();
    if (!part.redacted.empty()) {
        out.member("redactedContent", part.redacted);
    } else {
        out.key("reasoningText").begin_object().member("text", part.text).member("signature", part.signature);
        out.end_object();
    }
    out.end_object().end_object();
}

void write_text(json::writer& out, std::string_view text)
{
    out.begin_object().member("text", text).end_object();
}

} // namespace

void block_writer::refuse(place const& at, std::string_view why)
{
    if (!error) {
        error = failure(error_kind::invalid_request, "'" + at.text() + "': " + std::string(why))
                    .with_code("unsupported_content")
                    .with_param(at.text());
    }
}

block_kind kind_of(content_part const& part, role who) noexcept
{
    if (auto const* text = std::get_if<text_part>(&part)) {
        return is_blank(text->text) ? block_kind::none : block_kind::text;
    }
    if (auto const* refusal = std::get_if<refusal_part>(&part)) {
        return is_blank(refusal->text) ? block_kind::none : block_kind::text;
    }
    if (auto const* reasoning = std::get_if<reasoning_part>(&part)) {
        return is_anthropic_mark(*reasoning) && who == role::assistant ? block_kind::other : block_kind::none;
    }
    if (auto const* file = std::get_if<file_part>(&part)) {
        return media_of(file->source, file->filename).block == "document" ? block_kind::document
                                                                          : block_kind::other;
    }
    return block_kind::other;
}

void write_part(block_writer& w, content_part const& part, bool in_result, place const& at)
{
    json::writer& out = w.out();
    if (auto const* text = std::get_if<text_part>(&part)) {
        write_text(out, text->text);
        if (!in_result) {
            write_cache_point(w, text->cache);
        }
    } else if (auto const* refusal = std::get_if<refusal_part>(&part)) {
        write_text(out, refusal->text);
    } else if (auto const* image = std::get_if<image_part>(&part)) {
        write_media(w, "image", image_format(image->source), image->source, at);
        if (!in_result) {
            write_cache_point(w, image->cache);
        }
    } else if (auto const* audio = std::get_if<audio_part>(&part)) {
        write_media(w, "audio", audio_format(audio->source, audio->format), audio->source, at);
    } else if (auto const* file = std::get_if<file_part>(&part)) {
        write_file(w, *file, at);
        if (!in_result) {
            write_cache_point(w, file->cache);
        }
    } else if (auto const* reasoning = std::get_if<reasoning_part>(&part)) {
        write_reasoning(out, *reasoning);
    } else if (auto const* unknown = std::get_if<unknown_part>(&part)) {
        if (is_own_block(*unknown)) {
            out.raw(unknown->value.text);
        } else {
            w.refuse(at, "Bedrock has no content of type '" + unknown->type.substr(0, 64) + "'");
        }
    }
}

void write_tool_use(block_writer& w, tool_call const& call)
{
    json::writer& out = w.out();
    out.begin_object().key("toolUse").begin_object();
    out.member("toolUseId", w.ids.of(call.id)).member("name", call.name).key("input");
    json::document doc;
    json::parse_error error;
    if (is_blank(call.arguments)) {
        out.begin_object().end_object();
    } else if (call.type != "custom" && doc.parse(call.arguments, error) && doc.root().is_object()) {
        out.raw(doc.root().raw());
    } else {
        // Bedrock takes objects only; the model sees what it wrote.
        out.begin_object().member("input", call.arguments).end_object();
    }
    out.end_object().end_object();
    write_cache_point(w, call.cache);
}

void write_cache_point(block_writer& w, std::optional<cache_mark> const& mark)
{
    if (!mark || !w.model.caches) {
        return;
    }
    json::writer& out = w.out();
    out.begin_object().key("cachePoint").begin_object().member("type", "default");
    if (!mark->ttl.empty()) {
        out.member("ttl", mark->ttl);
    }
    out.end_object().end_object();
}

} // namespace cogate::providers::bedrock_converse

#include "providers/anthropic_messages/blocks.hpp"
#include "providers/common/sealed.hpp"

#include "lib/core/text.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

using names = std::string_view;

unknown_part whole(json::value block)
{
    return unknown_part{.type = block["type"].string(), .value = raw_json{std::string(block.raw())}};
}

void need_text(reader& in, json::value object, std::string_view key, place const& at, std::string& out)
{
    const json::value found = object[key];
    if (found.is_string()) {
        out = found.string();
    } else if (found.exists() && !found.is_null()) {
        in.wrong_type(place{&at, key}, "a string", found);
    } else {
        in.missing(place{&at, key});
    }
}

text_part read_text(reader& in, json::value block, place const& at)
{
    static constexpr std::array<names, 4> known = {"type", "text", "cache_control", "citations"};
    text_part part;
    need_text(in, block, "text", at, part.text);
    if (block["citations"].size() > 0) {
        in.raw(block, "citations", part.citations);
    }
    read_rest(block, known, part.cache, part.extra);
    return part;
}

/// Where the bytes are. Nothing when the source is of a kind or shape that has no counterpart.
std::optional<media_source> read_source(reader& in, json::value source, place const& at)
{
    if (!source.is_object()) {
        source.exists() ? in.wrong_type(at, "an object", source) : in.missing(at);
        return std::nullopt;
    }
    media_source out;
    std::size_t members = 2;
    if (source["type"].equals("base64") || source["type"].equals("text")) {
        need_text(in, source, "data", at, out.data);
        in.text(source, "media_type", at, out.media_type);
        members = source["media_type"].is_string() ? 3 : 2;
        if (source["type"].equals("text")) {
            out.data = core::base64_encode(out.data);
            out.media_type = "text/plain";
        }
    } else if (source["type"].equals("url")) {
        need_text(in, source, "url", at, out.url);
    } else if (source["type"].equals("file")) {
        need_text(in, source, "file_id", at, out.file_id);
    } else {
        return std::nullopt;
    }
    return source.size() == members ? std::optional(std::move(out)) : std::nullopt;
}

content_part read_image(reader& in, json::value block, place const& at)
{
    static constexpr std::array<names, 3> known = {"type", "source", "cache_control"};
    std::optional<media_source> source = read_source(in, block["source"], place{&at, "source"});
    if (!source || source->media_type == "text/plain") {
        return whole(block);
    }
    image_part part{.source = *std::move(source)};
    read_rest(block, known, part.cache, part.extra);
    return part;
}

content_part read_document(reader& in, json::value block, place const& at)
{
    static constexpr std::array<names, 4> known = {"type", "source", "title", "cache_control"};
    std::optional<media_source> source = read_source(in, block["source"], place{&at, "source"});
    if (!source) {
        return whole(block);
    }
    file_part part{.source = *std::move(source)};
    in.text(block, "title", at, part.filename);
    read_rest(block, known, part.cache, part.extra);
    return part;
}

content_part read_thinking(reader& in, json::value block, place const& at)
{
    static constexpr std::array<names, 3> known = {"type", "thinking", "signature"};
    reasoning_part part{.text = {}};
    need_text(in, block, "thinking", at, part.text);
    in.text(block, "signature", at, part.signature);
    take_seals(part);
    keep_unknown(block, known, part.extra);
    return part;
}

content_part read_redacted(reader& in, json::value block, place const& at)
{
    static constexpr std::array<names, 2> known = {"type", "data"};
    reasoning_part part{.text = {}};
    need_text(in, block, "data", at, part.redacted);
    if (part.redacted.empty()) {
        return whole(block);
    }
    take_seals(part);
    keep_unknown(block, known, part.extra);
    return part;
}

tool_call read_tool_use(reader& in, json::value block, place const& at)
{
    static constexpr std::array<names, 5> known = {"type", "id", "name", "input", "cache_control"};
    tool_call call;
    need_text(in, block, "id", at, call.id);
    need_text(in, block, "name", at, call.name);
    const json::value input = block["input"];
    if (input.is_object()) {
        call.arguments = input.raw();
    } else {
        const place input_at{&at, "input"};
        input.exists() ? in.wrong_type(input_at, "an object", input) : in.missing(input_at);
        call.arguments = "{}";
    }
    read_rest(block, known, call.cache, call.extra);
    return call;
}

} // namespace

void read_rest(json::value object, std::span<std::string_view const> known, std::optional<cache_mark>& cache,
               extra_fields& extra)
{
    keep_unknown(object, known, extra);
    const json::value mark = object["cache_control"];
    cache = read_cache_mark(mark);
    if (!cache && mark.exists() && !mark.is_null()) {
        extra.set("cache_control", raw_json{std::string(mark.raw())});
    }
}

void read_block(reader& in, json::value block, place const& at, message& to)
{
    if (!block.is_object()) {
        in.wrong_type(at, "an object", block);
        return;
    }
    const json::value type = block["type"];
    if (!type.is_string()) {
        type.exists() ? in.wrong_type(place{&at, "type"}, "a string", type) : in.missing(place{&at, "type"});
        return;
    }
    std::string scratch;
    const std::string_view kind = type.view(scratch);
    if (kind == "text") {
        to.content.emplace_back(read_text(in, block, at));
    } else if (kind == "tool_use") {
        to.tool_calls.push_back(read_tool_use(in, block, at));
    } else if (kind == "thinking") {
        to.content.push_back(read_thinking(in, block, at));
    } else if (kind == "redacted_thinking") {
        to.content.push_back(read_redacted(in, block, at));
    } else if (kind == "image") {
        to.content.push_back(read_image(in, block, at));
    } else if (kind == "document") {
        to.content.push_back(read_document(in, block, at));
    } else {
        to.content.emplace_back(whole(block));
    }
}

void read_content(reader& in, json::value content, place const& at, message& to)
{
    if (content.is_string()) {
        to.content.emplace_back(text_part{.text = content.string()});
    } else if (content.is_array()) {
        to.content_is_text = false;
        place element{&at, {}, 0};
        for (json::value block : content) {
            read_block(in, block, element, to);
            ++element.index;
        }
    } else {
        content.exists() ? in.wrong_type(at, "a string or an array of blocks", content) : in.missing(at);
    }
}

} // namespace cogate::providers::anthropic_messages

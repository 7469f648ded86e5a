#include "providers/common/part_kinds.hpp"
#include "providers/openai_chat/parts.hpp"

#include <array>

namespace cogate::providers::openai_chat {

namespace {

using names = std::string_view;

/// The mark when it is a plain one; any other stays among the unknown members.
template <class Part>
void read_rest(json::value value, std::span<names const> known, Part& part)
{
    keep_unknown(value, known, part.extra);
    part.cache = read_cache_mark(value["cache_control"]);
    if (!part.cache && value.contains("cache_control")) {
        part.extra.set("cache_control", raw_json{std::string(value["cache_control"].raw())});
    }
}

content_part read_text(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 4> known = {"type", "text", "cache_control", "citations"};
    text_part part;
    if (!read_needed_text(in, value, "text", at, part.text)) {
        return whole_part(value);
    }
    in.raw(value, "citations", part.citations);
    read_rest(value, known, part);
    return part;
}

content_part read_image(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 3> known = {"type", "image_url", "cache_control"};
    static constexpr std::array<names, 2> known_inner = {"url", "detail"};
    const json::value inner = value["image_url"];
    // Mistral's clients send the bare URL.
    const json::value url = inner.is_string() ? inner : inner["url"];
    if (!url.is_string()) {
        const place inner_at{&at, "image_url"};
        if (inner.is_object()) {
            url.exists() ? in.wrong_type(place{&inner_at, "url"}, "a string", url)
                         : in.missing(place{&inner_at, "url"});
        } else {
            inner.exists() ? in.wrong_type(inner_at, "an object", inner) : in.missing(inner_at);
        }
        return whole_part(value);
    }
    image_part part{.source = read_url(url.string())};
    const place inner_at{&at, "image_url"};
    in.text(inner, "detail", inner_at, part.detail);
    read_rest(value, known, part);
    keep_leftovers(inner, "image_url", known_inner, part.extra);
    return part;
}

content_part read_audio(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 3> known = {"type", "input_audio", "cache_control"};
    static constexpr std::array<names, 2> known_inner = {"data", "format"};
    const json::value inner = value["input_audio"];
    const place inner_at{&at, "input_audio"};
    if (!inner.is_object() || !inner["data"].is_string()) {
        // Mistral takes a bare string, which has no format to name.
        if (!inner.is_string()) {
            inner.is_object() ? in.wrong_type(place{&inner_at, "data"}, "a string", inner["data"])
                              : in.wrong_type(inner_at, "an object", inner);
        }
        return whole_part(value);
    }
    audio_part part{
        .source = media_source{.url = {}, .data = inner["data"].string(), .file_id = {}, .media_type = {}}};
    in.text(inner, "format", inner_at, part.format);
    read_rest(value, known, part);
    keep_leftovers(inner, "input_audio", known_inner, part.extra);
    return part;
}

content_part read_file(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 3> known = {"type", "file", "cache_control"};
    static constexpr std::array<names, 3> known_inner = {"filename", "file_data", "file_id"};
    const json::value inner = value["file"];
    const place inner_at{&at, "file"};
    if (!inner.is_object()) {
        inner.exists() ? in.wrong_type(inner_at, "an object", inner) : in.missing(inner_at);
        return whole_part(value);
    }
    file_part part;
    std::string data;
    in.text(inner, "file_data", inner_at, data);
    part.source = read_url(data);
    if (!data.empty() && part.source.data.empty() && !data.starts_with("data:") &&
        data.find("://") == std::string::npos) {
        part.source = media_source{.url = {}, .data = std::move(data), .file_id = {}, .media_type = {}};
    }
    in.text(inner, "file_id", inner_at, part.source.file_id);
    in.text(inner, "filename", inner_at, part.filename);
    read_rest(value, known, part);
    keep_leftovers(inner, "file", known_inner, part.extra);
    return part;
}

content_part read_refusal(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 2> known = {"type", "refusal"};
    const json::value text = value["refusal"];
    if (!text.is_string()) {
        in.wrong_type(place{&at, "refusal"}, "a string", text);
        return whole_part(value);
    }
    refusal_part part{.text = text.string()};
    keep_unknown(value, known, part.extra);
    return part;
}

content_part read_reasoning(json::value value)
{
    static constexpr std::array<names, 2> known = {"type", "thinking"};
    reasoning_part part{.text = {}, .field = "thinking"};
    if (!read_thinking(value, part.text)) {
        return whole_part(value);
    }
    keep_unknown(value, known, part.extra);
    return part;
}

} // namespace

media_source read_url(std::string url)
{
    const std::string_view scheme = "data:";
    const std::string_view mark = ";base64,";
    const auto comma = url.find(',');
    const bool base64 = url.starts_with(scheme) && comma != std::string::npos && comma + 1 >= mark.size() &&
                        std::string_view(url).substr(0, comma + 1).ends_with(mark) &&
                        comma + 1 - mark.size() > scheme.size();
    if (!base64) {
        return media_source{.url = std::move(url), .data = {}, .file_id = {}, .media_type = {}};
    }
    media_source source;
    source.media_type = url.substr(scheme.size(), comma + 1 - mark.size() - scheme.size());
    url.erase(0, comma + 1);
    source.data = std::move(url);
    return source;
}

bool read_thinking(json::value part, std::string& out)
{
    const json::value list = part["thinking"];
    if (!list.is_array()) {
        return false;
    }
    for (json::value piece : list) {
        if (!piece["type"].equals("text") || !piece["text"].is_string() || piece.size() != 2) {
            return false;
        }
    }
    for (json::value piece : list) {
        piece["text"].append_string_to(out);
    }
    return true;
}

content_part read_part(reader& in, json::value value, place const& at)
{
    std::string scratch;
    const std::string_view kind = part_type(in, value, at).view(scratch);
    if (kind == "text") {
        return read_text(in, value, at);
    }
    if (kind == "image_url") {
        return read_image(in, value, at);
    }
    if (kind == "input_audio") {
        return read_audio(in, value, at);
    }
    if (kind == "file") {
        return read_file(in, value, at);
    }
    if (kind == "refusal") {
        return read_refusal(in, value, at);
    }
    if (kind == "thinking") {
        return read_reasoning(value);
    }
    return whole_part(value);
}

std::string read_signature(json::value call)
{
    const json::value content = call["extra_content"];
    const json::value google = content["google"];
    const json::value signature = google["thought_signature"];
    return content.size() == 1 && google.size() == 1 ? signature.string() : std::string();
}

tool_call read_tool_call(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 5> known = {"id", "type", "function", "custom", "extra_content"};
    static constexpr std::array<names, 6> known_in_answer = {"id",     "type",          "function",
                                                             "custom", "extra_content", "index"};
    static constexpr std::array<names, 3> known_inner = {"name", "arguments", "input"};
    tool_call call;
    if (!value.is_object()) {
        in.wrong_type(at, "an object", value);
        return call;
    }
    in.text(value, "id", at, call.id);
    in.text(value, "type", at, call.type);
    const bool custom = call.type == "custom";
    const std::string_view inner_name = custom ? "custom" : "function";
    const place inner_at{&at, inner_name};
    const json::value inner = value[inner_name];
    if (!inner.is_object()) {
        inner.exists() ? in.wrong_type(inner_at, "an object", inner) : in.missing(inner_at);
    }
    in.text(inner, "name", inner_at, call.name);
    const std::string_view arguments_name = custom ? "input" : "arguments";
    const json::value arguments = inner[arguments_name];
    if (arguments.is_object() && !in.strict()) {
        // Older TGI servers send the object itself.
        call.arguments = arguments.raw();
    } else {
        in.text(inner, arguments_name, inner_at, call.arguments);
    }
    call.signature = read_signature(value);
    if (in.strict()) {
        keep_unknown(value, known, call.extra);
    } else {
        keep_unknown(value, known_in_answer, call.extra);
    }
    if (call.signature.empty() && value.contains("extra_content")) {
        call.extra.set("extra_content", raw_json{std::string(value["extra_content"].raw())});
    }
    call.cache = read_cache_mark(value["cache_control"]);
    keep_leftovers(inner, inner_name, known_inner, call.extra);
    return call;
}

} // namespace cogate::providers::openai_chat

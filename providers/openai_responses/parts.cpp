#include "providers/openai_responses/parts.hpp"

#include "providers/openai_chat/parts.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_responses {

namespace {

using names = std::string_view;

unknown_part whole(json::value value)
{
    return unknown_part{.type = value["type"].string(), .value = raw_json{std::string(value.raw())}};
}

/// The mark when it is the plain one; any other stays among the unknown members.
template <class Part>
void read_rest(json::value value, std::span<names const> known, Part& part)
{
    static constexpr names mark_name = "prompt_cache_breakpoint";
    const json::value mark = value[mark_name];
    keep_unknown(value, known, part.extra);
    if (mark["mode"].equals("explicit") && mark.size() == 1) {
        part.cache = cache_mark{};
        extra_fields kept;
        for (auto const& [key, member] : part.extra) {
            if (key != mark_name) {
                kept.set(key, member);
            }
        }
        part.extra = std::move(kept);
    }
}

content_part read_text(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 4> known = {"type", "text", "annotations", "logprobs"};
    const json::value text = value["text"];
    if (!text.is_string()) {
        text.exists() ? in.wrong_type(place{&at, "text"}, "a string", text) : in.missing(place{&at, "text"});
        return whole(value);
    }
    text_part part{.text = text.string()};
    read_rest(value, known, part);
    return part;
}

content_part read_image(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 4> known = {"type", "image_url", "file_id", "detail"};
    image_part part;
    std::string url;
    in.text(value, "image_url", at, url);
    part.source = openai_chat::read_url(std::move(url));
    in.text(value, "file_id", at, part.source.file_id);
    in.text(value, "detail", at, part.detail);
    if (part.source.url.empty() && part.source.data.empty() && part.source.file_id.empty()) {
        in.missing(place{&at, "image_url"});
        return whole(value);
    }
    read_rest(value, known, part);
    return part;
}

content_part read_file(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 5> known = {"type", "file_data", "file_url", "file_id", "filename"};
    file_part part;
    std::string data;
    in.text(value, "file_data", at, data);
    if (data.starts_with("data:")) {
        part.source = openai_chat::read_url(std::move(data));
    } else {
        part.source.data = std::move(data);
    }
    if (part.source.url.empty()) {
        in.text(value, "file_url", at, part.source.url);
    }
    in.text(value, "file_id", at, part.source.file_id);
    in.text(value, "filename", at, part.filename);
    if (part.source.url.empty() && part.source.data.empty() && part.source.file_id.empty()) {
        in.missing(place{&at, "file_data"});
        return whole(value);
    }
    read_rest(value, known, part);
    return part;
}

content_part read_audio(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 2> known = {"type", "input_audio"};
    const json::value inner = value["input_audio"];
    const place inner_at{&at, "input_audio"};
    if (!inner.is_object() || !inner["data"].is_string()) {
        inner.is_object() ? in.wrong_type(place{&inner_at, "data"}, "a string", inner["data"])
                          : in.wrong_type(inner_at, "an object", inner);
        return whole(value);
    }
    audio_part part;
    part.source.data = inner["data"].string();
    in.text(inner, "format", inner_at, part.format);
    read_rest(value, known, part);
    return part;
}

content_part read_refusal(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 2> known = {"type", "refusal"};
    refusal_part part;
    in.text(value, "refusal", at, part.text);
    keep_unknown(value, known, part.extra);
    return part;
}

struct part_writer {
    raw_writer& to;
    direction way;
    bool ours;
    json::writer& out = to.out();

    bool operator()(text_part const& p)
    {
        out.begin_object().member("type",
                                  way == direction::input ? names("input_text") : names("output_text"));
        out.member("text", p.text);
        return finish(p);
    }

    bool operator()(image_part const& p)
    {
        if (way == direction::output) {
            return false;
        }
        out.begin_object().member("type", "input_image");
        if (!p.source.file_id.empty()) {
            out.member("file_id", p.source.file_id);
        } else if (!p.source.data.empty() && p.source.media_type.empty()) {
            out.member("image_url", "data:image/png;base64," + p.source.data);
        } else {
            out.member("image_url", openai_chat::url_of(p.source));
        }
        if (!p.detail.empty()) {
            out.member("detail", p.detail);
        }
        return finish(p);
    }

    bool operator()(file_part const& p)
    {
        if (way == direction::output) {
            return false;
        }
        out.begin_object().member("type", "input_file");
        if (!p.filename.empty()) {
            out.member("filename", p.filename);
        }
        if (!p.source.file_id.empty()) {
            out.member("file_id", p.source.file_id);
        } else if (!p.source.data.empty()) {
            // OpenAI refuses data without a name.
            if (p.filename.empty()) {
                out.member("filename",
                           p.source.media_type == "application/pdf" ? names("file.pdf") : names("file"));
            }
            out.member("file_data", openai_chat::url_of(p.source));
        } else {
            out.member("file_url", p.source.url);
        }
        return finish(p);
    }

    bool operator()(audio_part const& p)
    {
        if (way == direction::output || p.source.data.empty()) {
            return false;
        }
        out.begin_object().member("type", "input_audio").key("input_audio").begin_object();
        out.member("data", p.source.data);
        if (!p.format.empty()) {
            out.member("format", p.format);
        }
        out.end_object();
        return finish(p);
    }

    bool operator()(refusal_part const& p)
    {
        if (way == direction::input) {
            return false;
        }
        out.begin_object().member("type", "refusal").member("refusal", p.text).end_object();
        return true;
    }

    bool operator()(reasoning_part const&) { return false; }

    bool operator()(unknown_part const& p)
    {
        if (!ours && !p.type.starts_with("input_")) {
            return false;
        }
        to.element(p.value, "content");
        return true;
    }

    template <class Part>
    bool finish(Part const& p)
    {
        if (ours) {
            if (p.cache) {
                out.key("prompt_cache_breakpoint").begin_object().member("mode", "explicit").end_object();
            }
            to.extra(p.extra);
        }
        out.end_object();
        return true;
    }
};

} // namespace

content_part read_part(reader& in, json::value value, place const& at)
{
    if (!value.is_object()) {
        in.wrong_type(at, "an object", value);
        return whole(value);
    }
    const json::value type = value["type"];
    if (!type.is_string()) {
        type.exists() ? in.wrong_type(place{&at, "type"}, "a string", type) : in.missing(place{&at, "type"});
        return whole(value);
    }
    std::string scratch;
    const std::string_view kind = type.view(scratch);
    // "text" is the chat dialect's word; some clients mix the two.
    if (kind == "input_text" || kind == "output_text" || kind == "text") {
        return read_text(in, value, at);
    }
    if (kind == "input_image") {
        return read_image(in, value, at);
    }
    if (kind == "input_file") {
        return read_file(in, value, at);
    }
    if (kind == "input_audio") {
        return read_audio(in, value, at);
    }
    if (kind == "refusal") {
        return read_refusal(in, value, at);
    }
    return whole(value);
}

bool write_part(raw_writer& to, content_part const& part, direction way, bool ours)
{
    return std::visit(part_writer{to, way, ours}, part);
}

bool is_item_type(std::string_view type) noexcept
{
    static constexpr std::array<names, 9> others = {
        "mcp_list_tools",     "mcp_approval_request", "mcp_approval_response",
        "tool_search_output", "compaction",           "compaction_summary",
        "item_reference",     "context_compaction",   "program_output"};
    return type.ends_with("_call") || type.ends_with("_call_output") ||
           std::find(others.begin(), others.end(), type) != others.end();
}

void append_chat_annotation(std::string& list, json::value annotation)
{
    if (!annotation.is_object()) {
        return;
    }
    if (!list.empty()) {
        list += ',';
    }
    if (!annotation["type"].equals("url_citation") || annotation["url_citation"].exists()) {
        list += annotation.raw();
        return;
    }
    std::string text;
    json::writer out(text);
    out.begin_object().member("type", "url_citation").key("url_citation").begin_object();
    for (json::member m : annotation.members()) {
        if (m.key != "type") {
            out.raw_member(m.key, m.val.raw());
        }
    }
    out.end_object().end_object();
    list += text;
}

void write_annotation(json::writer& out, json::value annotation)
{
    const json::value inner = annotation["url_citation"];
    if (!annotation["type"].equals("url_citation") || !inner.is_object()) {
        out.raw(annotation.raw());
        return;
    }
    out.begin_object().member("type", "url_citation");
    for (json::member m : inner.members()) {
        if (m.key != "type") {
            out.raw_member(m.key, m.val.raw());
        }
    }
    out.end_object();
}

raw_json chat_logprobs(json::value list)
{
    if (list.size() == 0 || !list.is_array()) {
        return {};
    }
    return raw_json{"{\"content\":" + std::string(list.raw()) + ",\"refusal\":null}"};
}

std::string list_of_logprobs(raw_json const& logprobs)
{
    json::document doc;
    json::parse_error error;
    if (!logprobs.empty() && doc.parse(logprobs.text, error) && doc["content"].is_array()) {
        return std::string(doc["content"].raw());
    }
    return "[]";
}

} // namespace cogate::providers::openai_responses

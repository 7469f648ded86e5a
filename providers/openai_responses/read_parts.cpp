#include "providers/common/part_kinds.hpp"
#include "providers/openai_chat/parts.hpp"
#include "providers/openai_responses/parts.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_responses {

namespace {

using names = std::string_view;

/// The mark when it is the plain one; any other stays among the unknown members.
template <class Part>
void read_rest(json::value value, std::span<names const> known, Part& part)
{
    static constexpr names mark_name = "prompt_cache_breakpoint";
    const json::value mark = value[mark_name];
    keep_unknown(value, known, part.extra);
    if (mark["mode"].equals("explicit") && mark.size() == 1) {
        part.cache = cache_mark{};
        part.extra = without(part.extra, {&mark_name, 1});
    }
}

content_part read_text(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 4> known = {"type", "text", "annotations", "logprobs"};
    text_part part;
    if (!read_needed_text(in, value, "text", at, part.text)) {
        return whole_part(value);
    }
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
        return whole_part(value);
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
        return whole_part(value);
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
        return whole_part(value);
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

} // namespace

content_part read_part(reader& in, json::value value, place const& at)
{
    std::string scratch;
    const std::string_view kind = part_type(in, value, at).view(scratch);
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
    return whole_part(value);
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

raw_json chat_logprobs(json::value list)
{
    if (list.size() == 0 || !list.is_array()) {
        return {};
    }
    return raw_json{"{\"content\":" + std::string(list.raw()) + ",\"refusal\":null}"};
}

} // namespace cogate::providers::openai_responses

#include "providers/openai_chat/parts.hpp"

#include <array>

namespace cogate::providers::openai_chat {

namespace {

using names = std::string_view;

struct part_writer {
    raw_writer& to;
    json::writer& out = to.out();

    void operator()(text_part const& p)
    {
        out.begin_object().member("type", "text").member("text", p.text);
        to.member("citations", p.citations);
        finish(p);
    }

    void operator()(image_part const& p)
    {
        static constexpr std::array<names, 1> inner = {"image_url"};
        out.begin_object().member("type", "image_url").key("image_url").begin_object();
        out.member("url", url_of(p.source));
        if (!p.detail.empty()) {
            out.member("detail", p.detail);
        }
        to.leftovers(p.extra, inner[0]);
        out.end_object();
        finish(p, inner);
    }

    void operator()(audio_part const& p)
    {
        static constexpr std::array<names, 1> inner = {"input_audio"};
        out.begin_object().member("type", "input_audio").key("input_audio").begin_object();
        out.member("data", p.source.data);
        if (!p.format.empty()) {
            out.member("format", p.format);
        }
        to.leftovers(p.extra, inner[0]);
        out.end_object();
        finish(p, inner);
    }

    void operator()(file_part const& p)
    {
        static constexpr std::array<names, 1> inner = {"file"};
        out.begin_object().member("type", "file").key("file").begin_object();
        if (!p.filename.empty()) {
            out.member("filename", p.filename);
        }
        if (!p.source.data.empty() || !p.source.url.empty()) {
            out.member("file_data", url_of(p.source));
        }
        if (!p.source.file_id.empty()) {
            out.member("file_id", p.source.file_id);
        }
        to.leftovers(p.extra, inner[0]);
        out.end_object();
        finish(p, inner);
    }

    void operator()(refusal_part const& p)
    {
        out.begin_object().member("type", "refusal").member("refusal", p.text);
        to.extra(p.extra);
        out.end_object();
    }

    void operator()(reasoning_part const& p)
    {
        out.begin_object().member("type", "thinking").key("thinking").begin_array();
        out.begin_object().member("type", "text").member("text", p.text).end_object();
        out.end_array();
        to.extra(p.extra);
        out.end_object();
    }

    void operator()(unknown_part const& p) { to.element(p.value, "content"); }

    template <class Part>
    void finish(Part const& p, std::span<names const> inner = {})
    {
        to.cache(p.cache);
        to.extra(p.extra, inner);
        out.end_object();
    }
};

} // namespace

std::string url_of(media_source const& source)
{
    if (source.data.empty()) {
        return source.url;
    }
    if (source.media_type.empty()) {
        return source.data;
    }
    return "data:" + source.media_type + ";base64," + source.data;
}

void write_part(raw_writer& out, content_part const& part)
{
    std::visit(part_writer{out}, part);
}

bool belongs_to_array(content_part const& part) noexcept
{
    auto const* reasoning = std::get_if<reasoning_part>(&part);
    return reasoning == nullptr || reasoning->field == "thinking";
}

void write_signature(raw_writer& out, std::string const& signature)
{
    if (!signature.empty()) {
        out.out().key("extra_content").begin_object().key("google").begin_object();
        out.out().member("thought_signature", signature).end_object().end_object();
    }
}

void write_tool_call(raw_writer& to, tool_call const& call)
{
    static constexpr std::array<names, 3> inner = {"function", "custom", "cache_control"};
    json::writer& out = to.out();
    const bool custom = call.type == "custom";
    const std::string_view inner_name = custom ? inner[1] : inner[0];
    out.begin_object();
    if (!call.id.empty()) {
        out.member("id", call.id);
    }
    out.member("type", call.type).key(inner_name).begin_object().member("name", call.name);
    if (custom) {
        out.member("input", call.arguments);
    } else {
        // An empty text is no JSON; clients parse it without looking.
        out.member("arguments",
                   call.arguments.empty() ? std::string_view("{}") : std::string_view(call.arguments));
    }
    to.leftovers(call.extra, inner_name);
    out.end_object();
    write_signature(to, call.signature);
    if (raw_json const* mark = call.extra.find("cache_control")) {
        to.member("cache_control", *mark);
    } else {
        to.cache(call.cache);
    }
    to.extra(call.extra, inner);
    out.end_object();
}

} // namespace cogate::providers::openai_chat

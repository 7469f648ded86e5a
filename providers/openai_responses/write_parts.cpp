#include "providers/openai_chat/parts.hpp"
#include "providers/openai_responses/parts.hpp"

namespace cogate::providers::openai_responses {

namespace {

using names = std::string_view;

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

bool write_part(raw_writer& to, content_part const& part, direction way, bool ours)
{
    return std::visit(part_writer{to, way, ours}, part);
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

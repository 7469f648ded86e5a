#include "providers/gemini/candidate_writer.hpp"

#include "providers/gemini/parts.hpp"

namespace cogate::providers::gemini {

bool wants_thoughts(chat_request const& request) noexcept
{
    return !request.reasoning.summary.empty();
}

void write_text(json::writer& out, std::string_view text)
{
    out.begin_object().member("text", text).end_object();
}

void write_thought(json::writer& out, std::string_view text, std::string_view signature, bool thought)
{
    out.begin_object().member("text", text);
    if (thought) {
        out.member("thought", true);
    }
    if (!signature.empty()) {
        out.member("thoughtSignature", signature);
    }
    out.end_object();
}

void write_other_part(raw_writer& to, content_part const& part)
{
    static constexpr flavour here{};
    if (auto const* refusal = std::get_if<refusal_part>(&part)) {
        write_text(to.out(), refusal->text);
    } else {
        write_media(to, part, here);
    }
}

void write_audio(json::writer& out, raw_json const& audio, raw_json const& asked)
{
    json::document doc;
    json::document wish;
    json::parse_error error;
    if (!doc.parse(audio.text, error) || !doc["data"].is_string()) {
        return;
    }
    std::string type = doc["mime_type"].string();
    if (type.empty()) {
        type = audio_type(wish.parse(asked.text, error) ? wish["format"].string() : std::string());
    }
    out.begin_object().key("inlineData").begin_object().member("mimeType", type);
    out.raw_member("data", doc["data"].raw()).end_object().end_object();
}

void write_extra(raw_writer& to, extra_fields const& extra)
{
    for (auto const& [name, value] : extra) {
        if (name.find('_') == std::string::npos) {
            to.member(name, value);
        }
    }
}

void write_citations(json::writer& out, raw_json const& annotations)
{
    json::document doc;
    json::parse_error error;
    if (!doc.parse(annotations.text, error)) {
        return;
    }
    bool any = false;
    for (json::value one : doc.root()) {
        const json::value page = one["url_citation"];
        if (!page["url"].is_string()) {
            continue;
        }
        if (!any) {
            out.key("groundingMetadata").begin_object().key("groundingChunks").begin_array();
        }
        any = true;
        out.begin_object().key("web").begin_object().raw_member("uri", page["url"].raw());
        out.member("title", page["title"].string()).end_object().end_object();
    }
    if (any) {
        out.end_array().end_object();
    }
}

} // namespace cogate::providers::gemini

#include "providers/openai_media/codec.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"
#include "providers/openai_media/field_list.hpp"
#include "providers/openai_media/services.hpp"

#include <array>

namespace cogate::providers::openai_media {

namespace {

constexpr std::array<std::string_view, 6> known = {"model",           "input", "voice",
                                                   "response_format", "speed", "instructions"};

// xAI knows more than OpenAI's formats, but not these of them.
bool xai_lacks(std::string_view format) noexcept
{
    return format == "opus" || format == "aac" || format == "flac";
}

result<encoded_request> encode_for_xai(speech_request const& r, std::string_view path,
                                       call_context const& context)
{
    const bool other_format = xai_lacks(r.response_format);
    for (auto const& [name, cannot] :
         {std::pair{"speed", !r.speed.empty()}, std::pair{"instructions", !r.instructions.empty()},
          std::pair{"response_format", other_format}}) {
        if (std::optional<failure> refused = cannot ? lacks(name, context) : std::nullopt) {
            return *std::move(refused);
        }
    }
    raw_json output;
    if (!r.response_format.empty() && !other_format) {
        json::writer out(output.text);
        out.begin_object().member("codec", r.response_format).end_object();
    }
    field_list fields(context);
    fields.text("text", r.input).text("voice_id", r.voice).raw("output_format", output);
    if (r.extra.find("language") == nullptr) {
        fields.text("language", "auto"); // it has to be said
    }
    return fields.extra(r.extra).as_json(path);
}

} // namespace

result<encoded_request> encode_speech(speech_request const& r, call_context const& context)
{
    media_service const& service = service_named(context.service.name);
    if (service.speech_as_text) {
        return encode_for_xai(r, service.speech_path, context);
    }
    field_list fields(context);
    fields.text("model", context.model).text("input", r.input).text("voice", r.voice);
    fields.text("response_format", r.response_format)
        .number("speed", r.speed)
        .text("instructions", r.instructions);
    return fields.extra(r.extra).as_json(service.speech_path);
}

result<speech_request> parse_speech(std::string_view body)
{
    json::document doc;
    const result<json::value> opened = open_request(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    reader in(true);
    const place top;
    speech_request out;
    in.text(root, "model", top, out.model);
    in.text(root, "input", top, out.input);
    if (root["voice"].is_object()) {
        out.extra.set("voice", raw_json{std::string(root["voice"].raw())}); // a voice of the caller's own
    } else {
        in.text(root, "voice", top, out.voice);
    }
    in.text(root, "response_format", top, out.response_format);
    in.number(root, "speed", top, out.speed);
    in.text(root, "instructions", top, out.instructions);
    for (auto const& [name, value] : {std::pair{"model", &out.model}, std::pair{"input", &out.input}}) {
        if (value->empty()) {
            in.missing(place{nullptr, name});
        }
    }
    if (!in.good()) {
        return in.error();
    }
    keep_unknown(root, known, out.extra);
    return out;
}

} // namespace cogate::providers::openai_media

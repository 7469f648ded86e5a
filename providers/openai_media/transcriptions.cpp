#include "providers/openai_media/codec.hpp"

#include "lib/core/text.hpp"
#include "providers/common/lacks.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_media/field_list.hpp"
#include "providers/openai_media/form.hpp"
#include "providers/openai_media/services.hpp"
#include "providers/openai_media/token_usage.hpp"

#include <array>

namespace cogate::providers::openai_media {

namespace {

constexpr std::array<std::string_view, 6> known = {"text",  "language", "duration",
                                                   "words", "segments", "usage"};
constexpr std::string_view granularities = "timestamp_granularities[]";

bool is_text_format(std::string_view format) noexcept
{
    return format == "text" || format == "srt" || format == "vtt";
}

bool is_json(whole_answer const& answer, transcription_request const& request)
{
    if (const auto type = wire::find_header(answer.headers, "content-type")) {
        return type->find("json") != std::string_view::npos;
    }
    return !is_text_format(request.response_format);
}

failure no_translation(call_context const& context)
{
    return failure(error_kind::invalid_request, std::string(context.service.name) + " translates no audio")
        .with_code("unsupported_operation")
        .with_param("model");
}

/// Seconds as a number, or as text (whisper-1).
std::optional<double> read_seconds(json::value value)
{
    if (value.is_string()) {
        json::document doc;
        json::parse_error error;
        const std::string text = value.string();
        return doc.parse(text, error) ? doc.root().as_double() : std::nullopt;
    }
    return value.as_double();
}

class client_half final : public transcription_codec {
public:
    result<encoded_request> encode(transcription_request const& r, call_context const& context) const override
    {
        media_service const& service = service_named(context.service.name);
        if (r.translate && service.translation_path.empty()) {
            return no_translation(context);
        }
        if (!r.file.url.empty()) {
            return unsupported_content("audio by its URL", "file");
        }
        field_list fields(context);
        if (service.transcription_model) {
            fields.text("model", context.model);
        }
        fields.text("language", r.language)
            .text("prompt", r.prompt)
            .text("response_format", r.response_format);
        fields.number("temperature", r.temperature);
        wire::multipart_writer form;
        if (const result<void> added = fields.add_to(form); !added) {
            return added.error();
        }
        for (std::string const& each : r.timestamp_granularities) {
            form.field(granularities, each);
        }
        for (auto const& [name, value] : r.extra) {
            if (name == "stream" && value == "true") {
                return no_stream(name);
            }
            form.field(name, value);
        }
        // Services tell the format by the name's ending.
        form.file("file", r.file.name.empty() ? "audio.wav" : r.file.name, r.file.media_type, r.file.bytes);
        return as_request(r.translate ? service.translation_path : service.transcription_path, form);
    }

    result<transcription_response> decode(whole_answer const& answer, transcription_request const& request,
                                          call_context const&) const override
    {
        transcription_response out;
        if (!is_json(answer, request)) {
            out.formatted = answer.body;
            if (request.response_format != "srt" && request.response_format != "vtt") {
                out.text = core::trim(answer.body);
            }
            return out;
        }
        json::document doc;
        const result<json::value> opened = openai_chat::open_answer(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        const json::value root = *opened;
        if (!root["text"].is_string()) {
            return nonsense("it has no text");
        }
        reader in(false);
        const place top;
        in.text(root, "text", top, out.text);
        in.text(root, "language", top, out.language);
        out.duration = read_seconds(root["duration"]);
        in.raw(root, "words", out.words);
        in.raw(root, "segments", out.segments);
        out.usage = read_usage(root["usage"]);
        keep_unknown(root, known, out.extra);
        return out;
    }
};

} // namespace

transcription_codec const& client_transcriptions() noexcept
{
    static const client_half half;
    return half;
}

result<transcription_request> parse_transcription(std::string_view content_type, std::string_view body,
                                                  bool translate)
{
    result<form> given = read_form(content_type, body);
    if (!given) {
        return given.error();
    }
    transcription_request out{.model = given->take("model"), .file = {}};
    out.translate = translate;
    out.language = given->take("language");
    out.prompt = given->take("prompt");
    out.response_format = given->take("response_format");
    if (std::string temperature = given->take("temperature"); !temperature.empty()) {
        json::document doc;
        json::parse_error error;
        if (!doc.parse(temperature, error) || !doc.root().is_number()) {
            return failure(error_kind::invalid_request, "'temperature' must be a number")
                .with_code("invalid_type")
                .with_param("temperature");
        }
        out.temperature = number_text::from_json(std::move(temperature));
    }
    if (std::string const stream = given->take("stream"); stream == "true" || stream == "1") {
        return no_stream("stream");
    }
    for (auto& [name, value] : given->fields) {
        if (name == granularities || name == "timestamp_granularities") {
            out.timestamp_granularities.push_back(std::move(value));
        } else {
            out.extra.emplace_back(std::move(name), std::move(value));
        }
    }
    if (out.model.empty()) {
        return form_failure(wire::multipart_errc::missing_field, "model");
    }
    if (given->files.size() != 1 || given->files.front().first != "file") {
        return failure(error_kind::invalid_request, "the form must have one file, 'file'")
            .with_code("missing_required_parameter")
            .with_param("file");
    }
    out.file = std::move(given->files.front().second);
    return out;
}

result<std::string_view> write_transcription(transcription_response const& response,
                                             transcription_request const& request, std::string& to)
{
    if (is_text_format(request.response_format)) {
        if (response.formatted.empty() && request.response_format != "text") {
            return nonsense("it is no " + request.response_format);
        }
        to += response.formatted.empty() ? response.text + '\n' : response.formatted;
        return std::string_view("text/plain; charset=utf-8");
    }
    json::writer out(to);
    raw_writer raw(out);
    out.begin_object().member("text", response.text);
    if (!response.language.empty()) {
        out.member("language", response.language);
    }
    if (response.duration) {
        out.member("duration", *response.duration);
    }
    raw.member("words", response.words);
    raw.member("segments", response.segments);
    if (response.usage.reported) {
        out.key("usage");
        write_usage(raw, response.usage, usage_style::audio);
    }
    raw.extra(response.extra);
    out.end_object();
    return std::string_view("application/json");
}

} // namespace cogate::providers::openai_media

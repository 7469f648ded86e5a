#include "providers/gemini/codec.hpp"

#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"
#include "providers/gemini/members.hpp"
#include "providers/gemini/token_usage.hpp"

#include "lib/core/text.hpp"

#include <cogate/image.hpp>

#include <array>
#include <cmath>
#include <optional>

namespace cogate::providers::gemini {

namespace {

/// The ratio nearest to "1024x1536"; nothing for "auto" and what is no size.
std::optional<std::string_view> ratio_of(std::string_view size, bool imagen)
{
    struct row {
        std::string_view name;
        double value;
        bool imagen;
    };
    static constexpr std::array<row, 10> rows = {{{"1:1", 1.0, true},
                                                  {"3:4", 0.75, true},
                                                  {"4:3", 4.0 / 3, true},
                                                  {"9:16", 0.5625, true},
                                                  {"16:9", 16.0 / 9, true},
                                                  {"2:3", 2.0 / 3, false},
                                                  {"3:2", 1.5, false},
                                                  {"4:5", 0.8, false},
                                                  {"5:4", 1.25, false},
                                                  {"21:9", 21.0 / 9, false}}};
    const auto sides = core::split_once(size, 'x');
    const int width = sides ? core::parse_int<int>(sides->first).value_or(0) : 0;
    const int height = sides ? core::parse_int<int>(sides->second).value_or(0) : 0;
    if (width <= 0 || height <= 0) {
        return std::nullopt;
    }
    const double wanted = std::log(static_cast<double>(width) / height);
    row const* best = nullptr;
    for (row const& r : rows) {
        const bool usable = r.imagen || !imagen;
        if (usable && (best == nullptr ||
                       std::abs(std::log(r.value) - wanted) < std::abs(std::log(best->value) - wanted))) {
            best = &r;
        }
    }
    return best->name;
}

std::optional<failure> refuse_unknown(image_request const& r, bool imagen, call_context const& context)
{
    const auto set = [](std::string const& text) { return !text.empty() && text != "auto"; };
    struct row {
        std::string_view name;
        bool is_set;
    };
    const std::array<row, 7> rows = {{{"quality", set(r.quality)},
                                      {"style", set(r.style)},
                                      {"background", set(r.background)},
                                      {"response_format", r.response_format == "url"},
                                      {"mask", r.mask.has_value()},
                                      {"n", !imagen && r.n.value_or(1) != 1},
                                      {"image", imagen && !r.images.empty()}}};
    for (media_file const& file : r.images) {
        if (!file.url.empty()) {
            return failure{error_kind::invalid_request,
                           "Images to edit must be sent as bytes; nothing is fetched."}
                .with_code("unsupported_content")
                .with_param("image");
        }
    }
    for (row const& one : rows) {
        if (std::optional<failure> refused = one.is_set ? lacks(one.name, context) : std::nullopt) {
            return refused;
        }
    }
    return std::nullopt;
}

std::string media_type_of(std::string_view format)
{
    return "image/" + std::string(format == "jpg" ? "jpeg" : format);
}

void encode_imagen(image_request const& r, raw_writer& to)
{
    json::writer& out = to.out();
    out.begin_object()
        .key("instances")
        .begin_array()
        .begin_object()
        .member("prompt", r.prompt)
        .end_object()
        .end_array();
    out.key("parameters").begin_object().member("sampleCount", r.n.value_or(1));
    if (const auto ratio = ratio_of(r.size, true)) {
        out.member("aspectRatio", *ratio);
    }
    if (!r.output_format.empty()) {
        out.key("outputOptions")
            .begin_object()
            .member("mimeType", media_type_of(r.output_format))
            .end_object();
    }
    to.extra(r.extra);
    out.end_object().end_object();
}

void encode_gemini(image_request const& r, raw_writer& to)
{
    json::writer& out = to.out();
    out.begin_object()
        .key("contents")
        .begin_array()
        .begin_object()
        .member("role", "user")
        .key("parts")
        .begin_array();
    for (media_file const& file : r.images) {
        out.begin_object().key("inlineData").begin_object();
        out.member("mimeType", file.media_type.empty() ? std::string("image/png") : file.media_type);
        out.member("data", core::base64_encode(file.bytes)).end_object().end_object();
    }
    out.begin_object().member("text", r.prompt).end_object().end_array().end_object().end_array();
    out.key("generationConfig")
        .begin_object()
        .key("responseModalities")
        .begin_array()
        .value("TEXT")
        .value("IMAGE");
    out.end_array();
    if (const auto ratio = ratio_of(r.size, false)) {
        out.key("imageConfig").begin_object().member("aspectRatio", *ratio).end_object();
    }
    out.end_object();
    to.extra(r.extra);
    out.end_object();
}

failure blocked(std::string why)
{
    return failure(error_kind::content_policy_violation,
                   why.empty() ? "the provider refused to make this image" : std::move(why))
        .with_code("content_policy_violation");
}

result<image_response> decode_imagen(json::value root)
{
    const json::value list = root["predictions"];
    if (!list.is_array() && root.size() > 0) {
        return nonsense("it has no list of predictions");
    }
    image_response out;
    std::string why;
    for (json::value item : list) {
        generated_image one;
        one.data = item["bytesBase64Encoded"].string();
        one.media_type = item["mimeType"].string();
        one.revised_prompt = item["prompt"].string();
        if (one.data.empty()) {
            why = item["raiFilteredReason"].string();
        } else {
            out.data.push_back(std::move(one));
        }
    }
    if (out.data.empty()) {
        return blocked(std::move(why)); // an empty object is how Imagen says it
    }
    return out;
}

result<image_response> decode_gemini(json::value root)
{
    image_response out;
    out.usage = read_usage(root["usageMetadata"]);
    std::string words;
    std::string reason = root["promptFeedback"]["blockReason"].string();
    for (json::value candidate : root["candidates"]) {
        for (json::value part : candidate["content"]["parts"]) {
            const json::value blob = member(part, "inlineData");
            if (blob["data"].is_string() && !part["thought"].as_bool().value_or(false)) {
                generated_image one;
                one.data = blob["data"].string();
                one.media_type = member(blob, "mimeType").string();
                out.data.push_back(std::move(one));
            } else if (words.size() < 1000) {
                part["text"].append_string_to(words);
            }
        }
        reason = candidate["finishReason"].exists() ? candidate["finishReason"].string() : reason;
    }
    if (!out.data.empty()) {
        return out;
    }
    if (reason.empty()) {
        return nonsense("it has no candidates");
    }
    return blocked("no image was made (" + reason + ")" + (words.empty() ? "" : ": " + words));
}

class google_images final : public image_codec {
public:
    explicit google_images(flavour const& at) noexcept : at_(at) {}

    result<encoded_request> encode(image_request const& request, call_context const& context) const override
    {
        const bool imagen = is_imagen(context.model);
        if (std::optional<failure> refused = refuse_unknown(request, imagen, context)) {
            return *std::move(refused);
        }
        encoded_request encoded{
            .path = model_path(at_, context.model, imagen ? ":predict" : ":generateContent"), .body = {}};
        json::writer out(encoded.body);
        raw_writer to(out);
        imagen ? encode_imagen(request, to) : encode_gemini(request, to);
        if (!to.good()) {
            return to.error();
        }
        return encoded;
    }

    result<image_response> decode(whole_answer const& answer, image_request const&,
                                  call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = open_answer(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        return is_imagen(context.model) ? decode_imagen(*opened) : decode_gemini(*opened);
    }

private:
    static bool is_imagen(std::string_view model) noexcept
    {
        return model.substr(model.rfind('/') + 1).starts_with("imagen");
    }

    flavour const& at_;
};

} // namespace

image_codec const& client_images() noexcept
{
    static constexpr flavour here{};
    static const google_images codec(here);
    return codec;
}

std::unique_ptr<image_codec> make_images(flavour const& at)
{
    return std::make_unique<google_images>(at);
}

} // namespace cogate::providers::gemini

#include "providers/openai_media/codec.hpp"

#include "lib/core/text.hpp"
#include "providers/common/lacks.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_media/field_list.hpp"
#include "providers/openai_media/services.hpp"
#include "providers/openai_media/token_usage.hpp"

#include <array>

namespace cogate::providers::openai_media {

namespace {

constexpr std::array<std::string_view, 3> known_response = {"created", "data", "usage"};
constexpr std::array<std::string_view, 5> known_image = {"url", "b64_json", "revised_prompt", "mime_type",
                                                         "media_type"};

using references = media_service::references;

// These always answer with base64 and refuse to be asked for it.
bool makes_base64_only(std::string_view model) noexcept
{
    const std::string_view name = model.substr(model.rfind('/') + 1);
    return name.starts_with("gpt-image") || name.starts_with("chatgpt-image");
}

result<field_list> parameters(image_request const& r, call_context const& context)
{
    field_list out(context);
    out.text("model", context.model).text("prompt", r.prompt).integer("n", r.n).text("size", r.size);
    out.text("quality", r.quality).text("style", r.style).text("background", r.background);
    if (!makes_base64_only(context.model)) {
        out.text("response_format", r.response_format);
    } else if (r.response_format == "url") {
        if (std::optional<failure> refused = lacks("response_format", context)) {
            return *std::move(refused);
        }
    }
    out.text("output_format", r.output_format).text("user", r.user).extra(r.extra);
    return out;
}

std::string url_of(media_file const& file)
{
    if (!file.url.empty()) {
        return file.url;
    }
    const std::string type = file.media_type.empty() ? "image/png" : file.media_type;
    return "data:" + type + ";base64," + core::base64_encode(file.bytes);
}

void write_reference(json::writer& out, media_file const& file, references how)
{
    const std::string url = url_of(file);
    out.begin_object();
    switch (how) {
    case references::form: out.member("image_url", url); break;
    case references::typed_url: out.member("type", "image_url").member("url", url); break;
    case references::input_references:
        out.member("type", "image_url").key("image_url").begin_object().member("url", url).end_object();
        break;
    }
    out.end_object();
}

result<encoded_request> edit_as_json(image_request const& r, field_list& fields, media_service const& service,
                                     call_context const& context)
{
    raw_json images;
    json::writer out(images.text);
    out.begin_array();
    for (media_file const& file : r.images) {
        write_reference(out, file, service.edits);
    }
    out.end_array();
    raw_json mask;
    if (r.mask && service.edits == references::form) {
        json::writer to(mask.text);
        write_reference(to, *r.mask, service.edits);
    } else if (r.mask) {
        if (std::optional<failure> refused = lacks("mask", context)) {
            return *std::move(refused);
        }
    }
    const bool referenced = service.edits == references::input_references;
    fields.raw(referenced ? "input_references" : "images", images).raw("mask", mask);
    return fields.as_json(service.edit_path);
}

std::string name_or(std::string const& name, media_file const& file)
{
    if (!file.name.empty()) {
        return file.name;
    }
    const std::size_t slash = file.media_type.find('/');
    return name + '.' + (slash == std::string::npos ? "png" : file.media_type.substr(slash + 1));
}

result<encoded_request> edit_as_form(image_request const& r, field_list& fields, media_service const& service)
{
    wire::multipart_writer form;
    if (const result<void> added = fields.add_to(form); !added) {
        return added.error();
    }
    for (media_file const& file : r.images) {
        form.file(r.images.size() == 1 ? "image" : "image[]", name_or("image", file), file.media_type,
                  file.bytes);
    }
    if (r.mask) {
        form.file("mask", name_or("mask", *r.mask), r.mask->media_type, r.mask->bytes);
    }
    return as_request(service.edit_path, form);
}

generated_image read_image(json::value item)
{
    generated_image one;
    reader in(false);
    const place top;
    in.text(item, "url", top, one.url);
    in.text(item, "b64_json", top, one.data);
    in.text(item, "revised_prompt", top, one.revised_prompt);
    for (std::string_view const name : {"mime_type", "media_type"}) { // xAI's and OpenRouter's
        in.text(item, name, top, one.media_type);
    }
    keep_unknown(item, known_image, one.extra);
    return one;
}

class client_half final : public image_codec {
public:
    result<encoded_request> encode(image_request const& request, call_context const& context) const override
    {
        media_service const& service = service_named(context.service.name);
        result<field_list> fields = parameters(request, context);
        if (!fields) {
            return fields.error();
        }
        if (request.images.empty() && !request.mask) {
            return fields->as_json(service.image_path);
        }
        bool fetched = request.mask && !request.mask->url.empty();
        for (media_file const& file : request.images) {
            fetched = fetched || !file.url.empty();
        }
        if (fetched || service.edits != references::form) {
            return edit_as_json(request, *fields, service, context);
        }
        return edit_as_form(request, *fields, service);
    }

    result<image_response> decode(whole_answer const& answer, image_request const&,
                                  call_context const&) const override
    {
        json::document doc;
        const result<json::value> opened = openai_chat::open_answer(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        const json::value root = *opened;
        if (!root["data"].is_array()) {
            return nonsense("it has no list of images");
        }
        image_response out;
        out.created = root["created"].as_int64().value_or(0);
        for (json::value item : root["data"]) {
            out.data.push_back(read_image(item));
            if (out.data.back().url.empty() && out.data.back().data.empty()) {
                return nonsense("an image has neither data nor a URL");
            }
        }
        out.usage = read_usage(root["usage"]);
        keep_unknown(root, known_response, out.extra);
        return out;
    }
};

} // namespace

image_codec const& client_images() noexcept
{
    static const client_half half;
    return half;
}

} // namespace cogate::providers::openai_media

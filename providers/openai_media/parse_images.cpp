#include "providers/openai_media/codec.hpp"

#include "lib/core/json/string.hpp"
#include "lib/core/text.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/fields.hpp"
#include "providers/openai_media/form.hpp"
#include "providers/openai_media/token_usage.hpp"

#include <array>

namespace cogate::providers::openai_media {

namespace {

constexpr std::array<std::string_view, 14> known = {
    "model",           "prompt",        "n",    "size",   "quality", "style", "background",
    "response_format", "output_format", "user", "stream", "images",  "image", "mask"};

/// The text fields besides prompt and model.
struct text_field {
    std::string_view name;
    std::string image_request::*member;
};
constexpr std::array texts = {text_field{"size", &image_request::size},
                              text_field{"quality", &image_request::quality},
                              text_field{"style", &image_request::style},
                              text_field{"background", &image_request::background},
                              text_field{"response_format", &image_request::response_format},
                              text_field{"output_format", &image_request::output_format},
                              text_field{"user", &image_request::user}};

/// "data:image/png;base64,..." is taken apart, any other URL is kept.
bool read_url(std::string url, media_file& out)
{
    if (!url.starts_with("data:")) {
        out.url = std::move(url);
        return !out.url.empty();
    }
    const std::string_view text = url;
    const std::size_t comma = text.find(',');
    const std::string_view type = text.substr(5, comma == std::string_view::npos ? 0 : comma - 5);
    if (!type.ends_with(";base64")) {
        return false;
    }
    std::optional<std::string> bytes = core::base64_decode(text.substr(comma + 1));
    if (!bytes) {
        return false;
    }
    out.media_type = type.substr(0, type.size() - 7);
    out.bytes = *std::move(bytes);
    return true;
}

/// A URL, or an object that holds one as OpenAI, xAI or OpenRouter write it.
void read_reference(reader& in, json::value value, place const& at, media_file& out)
{
    json::value url = value;
    for (std::string_view const name : {"image_url", "url"}) {
        if (url.is_object() && url[name].exists()) {
            url = url[name];
        }
    }
    if (!url.is_string()) {
        in.wrong_type(at, "an object with an image_url", value);
    } else if (!read_url(url.string(), out)) {
        in.wrong_value(at, "must be a URL, or a data URL in base64");
    }
}

void read_references(reader& in, json::value root, image_request& out)
{
    for (std::string_view const name : {"images", "image"}) {
        const json::value list = root[name];
        const place at{nullptr, name};
        if (list.is_array()) {
            place element{&at, {}, 0};
            for (json::value item : list) {
                read_reference(in, item, element, out.images.emplace_back());
                ++element.index;
            }
        } else if (list.exists() && !list.is_null()) {
            read_reference(in, list, at, out.images.emplace_back());
        }
    }
    if (const json::value mask = root["mask"]; mask.exists() && !mask.is_null()) {
        read_reference(in, mask, place{nullptr, "mask"}, out.mask.emplace());
    }
}

result<image_request> parse(std::string_view body)
{
    json::document doc;
    const result<json::value> opened = open_request(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    reader in(true);
    const place top;
    image_request out;
    in.text(root, "model", top, out.model);
    in.text(root, "prompt", top, out.prompt);
    if (out.prompt.empty()) {
        in.missing(place{nullptr, "prompt"});
    }
    in.integer(root, "n", top, out.n);
    for (text_field const& f : texts) {
        in.text(root, f.name, top, out.*f.member);
    }
    std::optional<bool> stream;
    in.flag(root, "stream", top, stream);
    read_references(in, root, out);
    if (!in.good()) {
        return in.error();
    }
    if (stream.value_or(false)) {
        return no_stream("stream");
    }
    out.model = out.model.empty() ? std::string(default_image_model) : std::move(out.model);
    keep_unknown(root, known, out.extra);
    return out;
}

result<image_request> from_form(form&& given)
{
    image_request out;
    out.model = given.take("model");
    out.prompt = given.take("prompt");
    if (out.prompt.empty()) {
        return form_failure(wire::multipart_errc::missing_field, "prompt");
    }
    result<std::optional<std::int64_t>> n = read_integer("n", given.take("n"));
    if (!n) {
        return n.error();
    }
    out.n = *n;
    for (text_field const& f : texts) {
        out.*f.member = given.take(f.name);
    }
    if (std::string const stream = given.take("stream"); stream == "true" || stream == "1") {
        return no_stream("stream");
    }
    for (auto& [name, file] : given.files) {
        if (name == "mask") {
            out.mask = std::move(file);
        } else if (name == "image" || name == "image[]" || name == "images" || name == "images[]") {
            out.images.push_back(std::move(file));
        } else {
            return failure(error_kind::invalid_request, "this form has no file '" + name.substr(0, 128) + "'")
                .with_code("unknown_parameter")
                .with_param(name.substr(0, 128));
        }
    }
    if (out.images.empty()) {
        return form_failure(wire::multipart_errc::missing_field, "image");
    }
    for (auto const& [name, value] : given.fields) {
        raw_json quoted;
        json::append_quoted(quoted.text, value);
        out.extra.set(name, std::move(quoted));
    }
    out.model = out.model.empty() ? std::string(default_image_model) : std::move(out.model);
    return out;
}

void write(image_response const& response, std::string& to)
{
    json::writer out(to);
    raw_writer raw(out);
    out.begin_object().member("created", response.created).key("data").begin_array();
    for (generated_image const& one : response.data) {
        out.begin_object();
        for (auto const& [name, text] :
             {std::pair{"b64_json", &one.data}, std::pair{"url", &one.url},
              std::pair{"revised_prompt", &one.revised_prompt}, std::pair{"mime_type", &one.media_type}}) {
            if (!text->empty()) {
                out.member(name, *text);
            }
        }
        raw.extra(one.extra);
        out.end_object();
    }
    out.end_array();
    if (response.usage.reported) {
        out.key("usage");
        write_usage(raw, response.usage, usage_style::image);
    }
    raw.extra(response.extra);
    out.end_object();
}

class server_half final : public server_codec<image_request, image_response> {
public:
    result<image_request> parse(std::string_view body) const override { return openai_media::parse(body); }
    void write(image_response const& response, image_request const&, std::string& out) const override
    {
        openai_media::write(response, out);
    }
    express_lane const* express() const noexcept override { return &image_lane(); }
};

} // namespace

result<image_request> parse_image_edit(std::string_view content_type, std::string_view body)
{
    if (!wire::multipart_boundary(content_type).empty()) {
        result<form> given = read_form(content_type, body);
        if (!given) {
            return given.error();
        }
        return from_form(*std::move(given));
    }
    result<image_request> out = parse(body);
    if (out && out->images.empty()) {
        return failure(error_kind::invalid_request, "'images' is required")
            .with_code("missing_required_parameter")
            .with_param("images");
    }
    return out;
}

server_codec<image_request, image_response> const& server_images() noexcept
{
    static const server_half half;
    return half;
}

} // namespace cogate::providers::openai_media

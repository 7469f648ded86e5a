#include "providers/openai_media/form.hpp"

#include "lib/core/text.hpp"
#include "providers/openai_media/codec.hpp"

#include <algorithm>

namespace cogate::providers::openai_media {

namespace {

using kind = wire::multipart_reader::kind;

bool has_field(form const& in, std::string_view name)
{
    return std::any_of(in.fields.begin(), in.fields.end(), [&](auto const& f) { return f.first == name; });
}

} // namespace

std::string form::take(std::string_view name)
{
    for (auto at = fields.begin(); at != fields.end(); ++at) {
        if (at->first == name) {
            std::string value = std::move(at->second);
            fields.erase(at);
            return value;
        }
    }
    return {};
}

failure form_failure(wire::multipart_errc error, std::string_view field)
{
    std::string message(to_string(error));
    if (!field.empty()) {
        message += ": '" + std::string(field.substr(0, 128)) + "'";
    }
    const bool too_large =
        error == wire::multipart_errc::too_much_before || error == wire::multipart_errc::field_too_large;
    failure why(too_large ? error_kind::request_too_large : error_kind::invalid_request, std::move(message));
    why.with_param(std::string(field.substr(0, 128)));
    switch (error) {
    case wire::multipart_errc::missing_field: why.with_code("missing_required_parameter"); break;
    case wire::multipart_errc::repeated_field: why.with_code("duplicate_field"); break;
    case wire::multipart_errc::bad_value: why.with_code("invalid_value"); break;
    case wire::multipart_errc::file_for_field: why.with_code("invalid_type"); break;
    case wire::multipart_errc::too_much_before:
    case wire::multipart_errc::field_too_large: why.with_code("request_too_large"); break;
    default: why.with_code("invalid_form"); break;
    }
    return why;
}

result<form> read_form(std::string_view content_type, std::string_view body)
{
    const std::string boundary = wire::multipart_boundary(content_type);
    if (boundary.empty()) {
        return failure(error_kind::invalid_request,
                       "the body must be multipart/form-data, with a boundary in Content-Type")
            .with_code("invalid_form");
    }
    form out;
    std::string* content = nullptr;
    wire::multipart_reader reader(boundary);
    reader.feed(body);
    for (auto event = reader.next(); event.what != kind::more; event = reader.next()) {
        if (event.what == kind::failed) {
            return form_failure(reader.error());
        }
        if (event.what == kind::content) {
            content->append(event.bytes);
        }
        if (event.what != kind::head) {
            continue;
        }
        wire::part_head const& part = reader.part();
        if (part.is_file) {
            media_file file{.name = part.filename, .media_type = part.media_type, .bytes = {}};
            content = &out.files.emplace_back(part.name, std::move(file)).second.bytes;
        } else {
            if (!part.name.ends_with("[]") && has_field(out, part.name)) {
                return form_failure(wire::multipart_errc::repeated_field, part.name);
            }
            content = &out.fields.emplace_back(part.name, std::string()).second;
        }
    }
    if (!reader.finish()) {
        return form_failure(reader.error());
    }
    return out;
}

failure no_stream(std::string_view field)
{
    return failure(error_kind::invalid_request,
                   "this provider cannot stream the answer; leave '" + std::string(field) + "' out")
        .with_code("unsupported_parameter")
        .with_param(std::string(field));
}

result<std::optional<std::int64_t>> read_integer(std::string_view name, std::string_view text)
{
    if (text.empty()) {
        return std::optional<std::int64_t>{};
    }
    const std::optional<std::int64_t> value = core::parse_int<std::int64_t>(text);
    if (!value) {
        return failure(error_kind::invalid_request, "'" + std::string(name) + "' must be an integer")
            .with_code("invalid_type")
            .with_param(std::string(name));
    }
    return value;
}

} // namespace cogate::providers::openai_media

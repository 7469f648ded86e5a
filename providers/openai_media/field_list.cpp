#include "providers/openai_media/field_list.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/string.hpp"
#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"

#include <algorithm>
#include <utility>

namespace cogate::providers::openai_media {

void field_list::add(std::string_view name, std::string json)
{
    auto const& dropped = context_.rules.additional_drop_params;
    if (std::find(dropped.begin(), dropped.end(), name) == dropped.end()) {
        fields_.push_back({name, std::move(json)});
    }
}

field_list& field_list::text(std::string_view name, std::string_view value)
{
    if (!value.empty()) {
        std::string quoted;
        json::append_quoted(quoted, value);
        add(name, std::move(quoted));
    }
    return *this;
}

field_list& field_list::integer(std::string_view name, std::optional<std::int64_t> value)
{
    if (value) {
        add(name, std::to_string(*value));
    }
    return *this;
}

field_list& field_list::number(std::string_view name, number_text const& value)
{
    if (!value.empty()) {
        add(name, std::string(value.text()));
    }
    return *this;
}

field_list& field_list::raw(std::string_view name, raw_json const& value)
{
    if (!value.empty()) {
        add(name, value.text);
    }
    return *this;
}

field_list& field_list::extra(extra_fields const& fields)
{
    for (auto const& [name, value] : fields) {
        raw(name, value);
    }
    return *this;
}

result<encoded_request> field_list::as_json(std::string_view path) const
{
    encoded_request made{.path = std::string(path), .body = {}};
    json::writer out(made.body);
    raw_writer to(out);
    extra_fields names;
    out.begin_object();
    for (field const& f : fields_) {
        to.member(f.name, raw_json{f.json});
        names.set(std::string(f.name), {});
    }
    out.end_object();
    if (!to.good()) {
        return to.error();
    }
    return without_repeats(std::move(made), names);
}

result<void> field_list::add_to(wire::multipart_writer& form)
{
    decoded_.clear();
    decoded_.reserve(fields_.size()); // the form keeps views of its elements
    for (field const& f : fields_) {
        json::document doc;
        json::parse_error error;
        if (!doc.parse(f.json, error)) {
            return failure(error_kind::invalid_request, "'" + std::string(f.name) + "' is not valid JSON")
                .with_code("invalid_json")
                .with_param(std::string(f.name));
        }
        const json::value value = doc.root();
        decoded_.push_back(value.is_string() ? value.string() : std::string(value.raw()));
        form.field(f.name, decoded_.back());
    }
    return {};
}

encoded_request as_request(std::string_view path, wire::multipart_writer const& form)
{
    encoded_request made{.path = std::string(path), .body = {}};
    made.content_type = form.write(made.body);
    return made;
}

} // namespace cogate::providers::openai_media

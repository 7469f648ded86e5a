#include "providers/common/model_express.hpp"

#include "lib/core/json/string.hpp"
#include "lib/core/text.hpp"

#include <array>
#include <utility>

namespace cogate::providers {

result<void> model_express::take_model(std::string_view body, json::member_query const& model)
{
    body_ = body;
    model_ = model;
    result<std::string> name = read_model(body, model);
    if (!name) {
        return name.error();
    }
    facts_.model = *std::move(name);
    return {};
}

result<void> model_express::take_stream(json::member_query const& stream)
{
    if (absent(stream)) {
        return {};
    }
    if (stream.kind != json::kind::boolean) {
        return wrong_type(stream.key, "a boolean");
    }
    facts_.stream = stream.value_in(body_) == "true";
    return {};
}

bool model_express::edit_model(std::string_view upstream_model, edit& out) const
{
    if (facts_.model == upstream_model) {
        return false;
    }
    out.begin = model_.value_begin;
    out.end = model_.value_end;
    json::append_quoted(out.text, upstream_model);
    return true;
}

void model_express::splice(std::string_view upstream_model, spliced_body& out) const
{
    std::array<edit, 1> edits{};
    const std::size_t count = edit_model(upstream_model, edits[0]) ? 1 : 0;
    apply(body_, {edits.data(), count}, out);
}

result<void> usage_express::take_stream_options(json::member_query const& options)
{
    options_ = options;
    if (absent(options)) {
        return {};
    }
    if (options.kind != json::kind::object) {
        return wrong_type(options.key, "an object");
    }
    const std::string_view text = options.value_in(body_);
    json::scan_error error;
    if (!json::find_members(text, {&include_usage_, 1}, error)) {
        // The whole body was valid, so this is a repeated name.
        return failure(error_kind::invalid_request, "'stream_options' names a field twice")
            .with_code("duplicate_field")
            .with_param("stream_options");
    }
    if (absent(include_usage_)) {
        return {};
    }
    if (include_usage_.kind != json::kind::boolean) {
        return wrong_type("stream_options.include_usage", "a boolean");
    }
    facts_.wants_usage = include_usage_.value_in(text) == "true";
    return {};
}

edit usage_express::ask_for_usage() const
{
    if (!options_.found) {
        const std::size_t at = model_.member_begin;
        return {at, at, R"("stream_options":{"include_usage":true},)"};
    }
    if (options_.kind == json::kind::null) {
        return {options_.value_begin, options_.value_end, R"({"include_usage":true})"};
    }
    if (include_usage_.found) {
        return {options_.value_begin + include_usage_.value_begin,
                options_.value_begin + include_usage_.value_end, "true"};
    }
    const bool is_empty = inside_of(options_.value_in(body_)).empty();
    const std::size_t at = options_.value_begin + 1;
    return {at, at, is_empty ? R"("include_usage":true)" : R"("include_usage":true,)"};
}

void usage_express::splice(std::string_view upstream_model, spliced_body& out) const
{
    std::array<edit, 2> edits{};
    std::size_t count = edit_model(upstream_model, edits[0]) ? 1 : 0;
    if (facts_.stream && !facts_.wants_usage) {
        edits[count++] = ask_for_usage();
    }
    if (count == 2 && edits[1].begin < edits[0].begin) {
        std::swap(edits[0], edits[1]);
    }
    apply(body_, {edits.data(), count}, out);
}

failure must_not_be_empty(std::string_view field)
{
    return failure(error_kind::invalid_request, "'" + std::string(field) + "' must not be empty")
        .with_code("invalid_value")
        .with_param(std::string(field));
}

result<void> check_list(std::string_view body, json::member_query const& list)
{
    if (absent(list)) {
        return missing(list.key);
    }
    if (list.kind != json::kind::array) {
        return wrong_type(list.key, "an array");
    }
    if (inside_of(list.value_in(body)).empty()) {
        return must_not_be_empty(list.key);
    }
    return {};
}

std::string_view inside_of(std::string_view value) noexcept
{
    return core::trim(value.substr(1, value.size() - 2));
}

} // namespace cogate::providers

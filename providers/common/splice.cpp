#include "providers/common/splice.hpp"

#include "lib/core/json/string.hpp"

namespace cogate::providers {

void apply(std::string_view body, std::span<edit> edits, spliced_body& out)
{
    out.count = 0;
    std::size_t from = 0;
    std::size_t slot = 0;
    const auto add = [&](std::string_view piece) {
        if (!piece.empty()) {
            out.pieces[out.count++] = piece;
        }
    };
    for (edit& e : edits) {
        out.inserted[slot] = std::move(e.text);
        add(body.substr(from, e.begin - from));
        add(out.inserted[slot]);
        from = e.end;
        ++slot;
    }
    add(body.substr(from));
}

failure wrong_type(std::string_view field, std::string_view expected)
{
    return failure(error_kind::invalid_request,
                   "'" + std::string(field) + "' must be " + std::string(expected))
        .with_code("invalid_type")
        .with_param(std::string(field));
}

failure missing(std::string_view field)
{
    return failure(error_kind::invalid_request, "'" + std::string(field) + "' is required")
        .with_code("missing_required_parameter")
        .with_param(std::string(field));
}

bool absent(json::member_query const& field) noexcept
{
    return !field.found || field.kind == json::kind::null;
}

std::string decoded(std::string_view quoted)
{
    std::string out;
    json::append_unescaped(out, quoted.substr(1, quoted.size() - 2));
    return out;
}

result<std::string> read_model(std::string_view body, json::member_query const& model)
{
    if (absent(model)) {
        return missing("model");
    }
    if (model.kind != json::kind::string) {
        return wrong_type("model", "a string");
    }
    std::string name = decoded(model.value_in(body));
    if (name.empty()) {
        return missing("model");
    }
    return name;
}

} // namespace cogate::providers

#include "providers/common/part_kinds.hpp"

namespace cogate::providers {

std::string_view plain_role_name(role who) noexcept
{
    switch (who) {
    case role::system:
    case role::developer: return "system";
    case role::user: return "user";
    case role::assistant: return "assistant";
    case role::tool: return "tool";
    }
    return "user";
}

unknown_part whole_part(json::value value)
{
    return unknown_part{.type = value["type"].string(), .value = raw_json{std::string(value.raw())}};
}

json::value part_type(reader& in, json::value part, place const& at)
{
    if (!part.is_object()) {
        in.wrong_type(at, "an object", part);
        return {};
    }
    const json::value type = part["type"];
    if (!type.is_string()) {
        type.exists() ? in.wrong_type(place{&at, "type"}, "a string", type) : in.missing(place{&at, "type"});
        return {};
    }
    return type;
}

bool read_needed_text(reader& in, json::value part, std::string_view name, place const& at, std::string& out)
{
    const json::value text = part[name];
    const place text_at{&at, name};
    if (!text.is_string()) {
        text.exists() ? in.wrong_type(text_at, "a string", text) : in.missing(text_at);
        return false;
    }
    out = text.string();
    return true;
}

} // namespace cogate::providers

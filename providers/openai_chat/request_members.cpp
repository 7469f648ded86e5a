#include "providers/openai_chat/request_members.hpp"

#include <array>

namespace cogate::providers::openai_chat {

void read_model(reader& in, json::value root, std::string& out)
{
    in.text(root, "model", place{}, out);
    if (out.empty()) {
        in.missing(place{nullptr, "model"});
    }
}

void read_texts(reader& in, json::value value, place const& at, std::string_view expected,
                std::vector<std::string>& out)
{
    if (!value.is_array()) {
        in.wrong_type(at, expected, value);
        return;
    }
    place element{&at, {}, 0};
    for (json::value item : value) {
        if (!item.is_string()) {
            in.wrong_type(element, "a string", item);
        }
        out.push_back(item.string());
        ++element.index;
    }
}

void read_stop(reader& in, json::value root, chat_request& out)
{
    const place at{nullptr, "stop"};
    const json::value value = root["stop"];
    if (value.is_string()) {
        out.stop.push_back(value.string());
        out.stop_is_text = true;
    } else if (value.exists() && !value.is_null()) {
        read_texts(in, value, at, "a string or an array of strings", out.stop);
    }
}

void read_stream_options(reader& in, json::value root, chat_request& out)
{
    static constexpr std::array<std::string_view, 1> known_options = {"include_usage"};
    const place at{nullptr, "stream_options"};
    const json::value value = root["stream_options"];
    if (!value.exists() || value.is_null()) {
        return;
    }
    if (!value.is_object()) {
        in.wrong_type(at, "an object", value);
        return;
    }
    std::optional<bool> include_usage;
    in.flag(value, "include_usage", at, include_usage);
    out.include_usage = include_usage.value_or(false);
    extra_fields rest;
    keep_leftovers(value, "rest", known_options, rest);
    if (raw_json const* found = rest.find("rest")) {
        out.stream_options_extra = *found;
    }
}

} // namespace cogate::providers::openai_chat

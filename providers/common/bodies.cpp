#include "providers/common/bodies.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/json/string.hpp"

#include <algorithm>
#include <string>

namespace cogate::providers {

namespace {

// A hostile key must not make a large answer.
constexpr std::size_t longest_echo = 128;

// The key whose opening quote stands at `at`: the scanner has found it well formed.
std::string key_at(std::string_view body, std::size_t at)
{
    std::size_t end = at + 1;
    while (end < body.size() && body[end] != '"') {
        end += body[end] == '\\' ? 2 : 1;
    }
    std::string key;
    if (end < body.size()) {
        json::append_unescaped(key, body.substr(at + 1, end - at - 1));
        key.resize(std::min(key.size(), longest_echo));
    }
    return key;
}

} // namespace

failure nonsense(std::string_view what)
{
    return failure(error_kind::bad_gateway, "the provider's answer makes no sense: " + std::string(what))
        .with_code("upstream_invalid_response");
}

failure not_json(json::scan_error const& error, std::string_view body)
{
    if (error.code == json::scan_errc::not_an_object) {
        return failure(error_kind::invalid_request, "the body must be a JSON object")
            .with_code("invalid_json");
    }
    if (error.code == json::scan_errc::duplicate_key) {
        std::string const key = key_at(body, error.offset);
        return failure(error_kind::invalid_request, "the body names a field twice: '" + key + "'")
            .with_code("duplicate_field")
            .with_param(key);
    }
    return failure(error_kind::invalid_request, "the body is not valid JSON: " + json::to_string(error))
        .with_code("invalid_json");
}

result<json::value> open_request(json::document& doc, std::string_view body)
{
    json::parse_error error;
    if (!doc.parse(body, error, {.refuse_duplicate_top_level = true})) {
        return not_json(error, body);
    }
    const json::value root = doc.root();
    if (!root.is_object()) {
        return not_json({json::scan_errc::not_an_object, 0}, body);
    }
    return root;
}

result<json::value> open_json(json::document& doc, std::string_view body)
{
    json::parse_error error;
    if (!doc.parse(body, error)) {
        return nonsense("not JSON, " + json::to_string(error));
    }
    if (!doc.root().is_object()) {
        return nonsense("not a JSON object");
    }
    return doc.root();
}

result<json::value> open_json(json::document& doc, std::string_view body,
                              std::optional<failure> (*reported)(json::value root))
{
    result<json::value> opened = open_json(doc, body);
    if (opened) {
        if (std::optional<failure> why = reported(*opened)) {
            return *std::move(why);
        }
    }
    return opened;
}

result<json::value> open_event(json::document& doc, std::string_view data, bool complete,
                               std::string_view what)
{
    json::parse_error error;
    if (doc.parse(data, error) && doc.root().is_object()) {
        return doc.root();
    }
    if (!complete) {
        return failure(error_kind::truncated, "the stream broke off within " + std::string(what));
    }
    return nonsense(std::string(what) + " is not a JSON object");
}

result<void> whole_if(bool ended, std::string_view end_mark)
{
    if (ended) {
        return {};
    }
    return failure(error_kind::truncated, "the provider's stream ended without " + std::string(end_mark));
}

} // namespace cogate::providers

#include "providers/demo/schema_sample.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/writer.hpp"

#include <algorithm>

namespace cogate::providers::demo {

namespace {

constexpr unsigned deepest_sample = 8;
constexpr std::size_t largest_sample = 64 * 1024;

class sampler {
public:
    explicit sampler(std::string& text) noexcept : text_(text), out_(text) {}

    void write(json::value schema, unsigned depth)
    {
        for (std::string_view const name : {"const", "default"}) {
            if (schema[name].exists()) {
                out_.raw(schema[name].raw());
                return;
            }
        }
        for (std::string_view const name : {"enum", "examples"}) {
            if (const json::value first = schema[name][std::size_t{0}]; first.exists()) {
                out_.raw(first.raw());
                return;
            }
        }
        for (std::string_view const name : {"anyOf", "oneOf", "allOf"}) {
            if (const json::value first = schema[name][std::size_t{0}]; first.exists()) {
                write_nested(first, depth);
                return;
            }
        }
        write_type(schema, depth);
    }

private:
    void write_nested(json::value schema, unsigned depth)
    {
        if (depth >= deepest_sample || text_.size() > largest_sample) {
            out_.value(nullptr);
        } else {
            write(schema, depth + 1);
        }
    }

    void write_type(json::value schema, unsigned depth)
    {
        const json::value type = schema["type"].is_array() ? schema["type"][std::size_t{0}] : schema["type"];
        if (type.equals("object") || schema["properties"].is_object()) {
            write_object(schema, depth);
        } else if (type.equals("array")) {
            out_.begin_array();
            write_nested(schema["items"], depth);
            out_.end_array();
        } else if (type.equals("integer") || type.equals("number")) {
            const json::value least = schema["minimum"];
            least.is_number() ? out_.raw(least.raw()) : out_.value(1);
        } else if (type.equals("boolean")) {
            out_.value(true);
        } else if (type.equals("null")) {
            out_.value(nullptr);
        } else {
            out_.value("text");
        }
    }

    void write_object(json::value schema, unsigned depth)
    {
        const json::value required = schema["required"];
        const auto is_required = [&](std::string_view key) {
            return std::any_of(required.begin(), required.end(),
                               [&](json::value name) { return name.equals(key); });
        };
        out_.begin_object();
        for (json::member m : schema["properties"].members()) {
            if (required.size() == 0 || is_required(m.key)) {
                out_.key(m.key);
                write_nested(m.val, depth);
            }
        }
        out_.end_object();
    }

    std::string& text_;
    json::writer out_;
};

} // namespace

std::string sample_of(std::string_view schema)
{
    json::document doc;
    json::parse_error error;
    std::string out;
    if (schema.empty() || !doc.parse(schema, error) || !doc.root().is_object()) {
        return "{}";
    }
    sampler(out).write(doc.root(), 0);
    return out.starts_with('{') ? out : "{}";
}

} // namespace cogate::providers::demo

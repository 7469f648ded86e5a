#include "providers/anthropic_messages/blocks.hpp"
#include "providers/common/sealed.hpp"

#include "lib/core/hash.hpp"
#include "lib/core/json/valid.hpp"
#include "lib/core/text.hpp"
#include "lib/core/utf8.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

using names = std::string_view;

// Leftovers of OpenAI's shapes that the canonical form keeps under these names.
constexpr std::array<names, 13> foreign_members = {
    "function",      "custom",     "image_url",         "input_audio",
    "file",          "refusal",    "reasoning_content", "reasoning",
    "function_call", "tool_calls", "thinking_blocks",   "annotations",
    "extra_content"};

/// Block kinds of the API beyond those that have parts of their own.
bool is_native(std::string_view type) noexcept
{
    static constexpr std::array<names, 5> kinds = {"search_result", "container_upload", "tool_reference",
                                                   "compaction", "fallback"};
    return type.ends_with("_tool_use") || type.ends_with("_tool_result") ||
           std::find(kinds.begin(), kinds.end(), type) != kinds.end();
}

/// The media type where the caller did not say it: from the first bytes, which base64 keeps recognisable.
std::string_view media_type_of(media_source const& source) noexcept
{
    struct row {
        std::string_view start;
        std::string_view type;
    };
    static constexpr std::array<row, 5> rows = {row{"iVBORw0KGgo", "image/png"},
                                                {"/9j/", "image/jpeg"},
                                                {"R0lGOD", "image/gif"},
                                                {"UklGR", "image/webp"},
                                                {"JVBERi", "application/pdf"}};
    if (!source.media_type.empty()) {
        return source.media_type;
    }
    for (row const& r : rows) {
        if (std::string_view(source.data).starts_with(r.start)) {
            return r.type;
        }
    }
    return {};
}

bool is_url(std::string_view text) noexcept
{
    return text.starts_with("https://") || text.starts_with("http://");
}

struct part_writer {
    raw_writer& to;
    std::optional<cache_mark> const& mark;
    block_options const& options;
    json::writer& out = to.out();

    bool operator()(text_part const& p)
    {
        out.begin_object().member("type", "text").member("text", p.text);
        to.member("citations", p.citations);
        return finish(p.extra);
    }

    bool operator()(refusal_part const& p)
    {
        out.begin_object().member("type", "text").member("text", p.text);
        to.cache(mark);
        out.end_object();
        return true;
    }

    bool operator()(image_part const& p)
    {
        const std::string_view type = media_type_of(p.source);
        if (!p.source.data.empty() ? !type.starts_with("image/")
                                   : p.source.file_id.empty() && !is_url(p.source.url)) {
            return false;
        }
        out.begin_object().member("type", "image");
        write_source(p.source, type);
        return finish(p.extra);
    }

    bool operator()(audio_part const&) { return false; }

    bool operator()(file_part const& p)
    {
        const std::string_view type = media_type_of(p.source);
        if (type.starts_with("image/") && !p.source.data.empty()) {
            out.begin_object().member("type", "image");
            write_source(p.source, type);
            return finish({});
        }
        std::optional<std::string> plain;
        if (!p.source.data.empty() && type != "application/pdf") {
            plain = type.starts_with("text/") || type == "application/json"
                        ? core::base64_decode(p.source.data)
                        : std::nullopt;
            if (!plain || !core::is_utf8(*plain)) {
                return false;
            }
        } else if (p.source.data.empty() && p.source.file_id.empty() && !is_url(p.source.url)) {
            return false;
        }
        out.begin_object().member("type", "document");
        if (plain) {
            out.key("source").begin_object().member("type", "text").member("media_type", "text/plain");
            out.member("data", *plain).end_object();
        } else {
            write_source(p.source, type);
        }
        if (!p.filename.empty()) {
            out.member("title", p.filename);
        }
        return finish(p.extra);
    }

    bool operator()(reasoning_part const& p)
    {
        out.begin_object();
        if (!p.redacted.empty()) {
            out.member("type", "redacted_thinking").member("data", redacted_for_client(p.redacted, p.id));
        } else {
            out.member("type", "thinking").member("thinking", p.text);
            out.member("signature", signature_for_client(p.signature, p.id));
        }
        write_extras(to, p.extra, options);
        out.end_object();
        return true;
    }

    bool operator()(unknown_part const& p)
    {
        if (!options.own && !options.to_client && !is_native(p.type)) {
            return false;
        }
        to.element(p.value, "content");
        return true;
    }

    void write_source(media_source const& source, std::string_view type)
    {
        out.key("source").begin_object();
        if (!source.data.empty()) {
            out.member("type", "base64").member("media_type", type).member("data", source.data);
        } else if (!source.file_id.empty()) {
            out.member("type", "file").member("file_id", source.file_id);
        } else {
            out.member("type", "url").member("url", source.url);
        }
        out.end_object();
    }

    bool finish(extra_fields const& extra)
    {
        to.cache(mark);
        write_extras(to, extra, options);
        out.end_object();
        return true;
    }
};

} // namespace

bool is_object_text(std::string_view text)
{
    return json::is_valid_object(text);
}

void write_extras(raw_writer& to, extra_fields const& fields, block_options const& options)
{
    if (options.own) {
        to.extra(fields);
    } else if (options.extras) {
        to.extra(fields, foreign_members);
    }
}

bool is_left_out(content_part const& part, block_options const& options) noexcept
{
    if (auto const* text = std::get_if<text_part>(&part)) {
        return text->text.empty();
    }
    if (auto const* refusal = std::get_if<refusal_part>(&part)) {
        return refusal->text.empty();
    }
    auto const* reasoning = std::get_if<reasoning_part>(&part);
    if (reasoning == nullptr) {
        return false;
    }
    const bool bare = reasoning->signature.empty() && reasoning->redacted.empty();
    return is_foreign_to_anthropic(*reasoning) || (bare && !options.own);
}

bool write_part(raw_writer& out, content_part const& part, std::optional<cache_mark> const& mark,
                block_options const& options)
{
    return std::visit(part_writer{out, mark, options}, part);
}

std::string input_for_client(tool_call const& call)
{
    std::string out;
    if (call.type == "custom") {
        json::writer(out).begin_object().member("input", call.arguments).end_object();
    } else if (core::trim(call.arguments).empty()) {
        out = "{}";
    } else if (is_object_text(call.arguments)) {
        out = call.arguments;
    } else {
        json::writer(out).begin_object().member("invalid_arguments", call.arguments).end_object();
    }
    return out;
}

bool write_tool_use(raw_writer& to, tool_call const& call, std::optional<cache_mark> const& mark,
                    block_options const& options)
{
    const bool none = core::trim(call.arguments).empty();
    if (!options.to_client && (call.type == "custom" || (!none && !is_object_text(call.arguments)))) {
        return false;
    }
    json::writer& out = to.out();
    out.begin_object().member("type", "tool_use");
    out.member("id", options.to_client ? call.id : tool_id(call.id)).member("name", call.name);
    out.raw_member("input", options.to_client ? input_for_client(call)
                            : none            ? std::string("{}")
                                              : call.arguments);
    to.cache(mark);
    write_extras(to, call.extra, options);
    out.end_object();
    return true;
}

std::optional<cache_mark> const* mark_of(content_part const& part) noexcept
{
    return std::visit(
        [](auto const& p) -> std::optional<cache_mark> const* {
            if constexpr (requires { p.cache; }) {
                return &p.cache;
            } else {
                return nullptr;
            }
        },
        part);
}

std::string tool_id(std::string_view id)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    };
    std::string out(id);
    if (!id.empty() && std::all_of(id.begin(), id.end(), allowed)) {
        return out;
    }
    std::replace_if(
        out.begin(), out.end(), [&](char c) { return !allowed(c); }, '_');
    // Two ids that differ in such a letter only must stay two.
    constexpr std::string_view digits = "0123456789abcdef";
    out += '_';
    for (std::uint64_t hash = core::hash64(id); out.size() < id.size() + 9; hash >>= 4) {
        out += digits[hash & 15];
    }
    return out;
}

} // namespace cogate::providers::anthropic_messages

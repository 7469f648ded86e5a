#include "providers/common/derived.hpp"
#include "providers/gemini/members.hpp"
#include "providers/gemini/parts.hpp"
#include "providers/gemini/signatures.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::gemini {

namespace {

constexpr std::array<std::string_view, 6> own_kinds = {
    "executableCode", "codeExecutionResult", "toolCall", "toolResponse", "text", "inlineData"};
constexpr std::array<std::string_view, 4> known_media = {"inlineData", "fileData", "thoughtSignature",
                                                         "thought"};
constexpr std::string_view made_prefix = "call_";
constexpr std::size_t made_size = 29;

/// Google reads base64 of both alphabets, others only the standard one.
std::string standard_base64(std::string text)
{
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    return text;
}

} // namespace

std::string made_call_id(std::string_view answer, std::uint64_t place, std::string_view name)
{
    std::string source(answer);
    source += '\n';
    source += name;
    return derived_id(made_prefix, source, place);
}

bool is_foreign_id(std::string_view id) noexcept
{
    return id.size() == made_size && id.starts_with(made_prefix);
}

std::string signature_of(json::value part)
{
    return member(part, "thoughtSignature").string();
}

std::optional<content_part> read_media(json::value part)
{
    const json::value inline_data = member(part, "inlineData");
    const json::value file = member(part, "fileData");
    if (!inline_data.is_object() && !file.is_object()) {
        return std::nullopt;
    }
    media_source source;
    source.media_type = member(inline_data.is_object() ? inline_data : file, "mimeType").string();
    if (inline_data.is_object()) {
        source.data = standard_base64(inline_data["data"].string());
    } else {
        source.url = member(file, "fileUri").string();
    }
    extra_fields extra;
    keep_unknown(part, known_media, extra);
    const std::string_view type = source.media_type;
    if (type.starts_with("image/")) {
        return image_part{.source = std::move(source), .extra = std::move(extra)};
    }
    if (type.starts_with("audio/")) {
        std::string format(type.substr(6, type.find(';') - 6));
        format = format == "mpeg" ? "mp3" : format == "x-wav" ? "wav" : format;
        return audio_part{
            .source = std::move(source), .format = std::move(format), .extra = std::move(extra)};
    }
    return file_part{.source = std::move(source),
                     .filename = member(inline_data.is_object() ? inline_data : file, "displayName").string(),
                     .extra = std::move(extra)};
}

bool read_part(json::value part, std::vector<content_part>& to)
{
    if (!part.is_object()) {
        return false;
    }
    const json::value text = part["text"];
    std::string signature = signature_of(part);
    const auto add_signed = [&](std::string words) {
        reasoning_part thought{.text = std::move(words), .field = "reasoning_content"};
        take_signature(thought, std::move(signature));
        to.emplace_back(std::move(thought));
    };
    if (text.is_string() || (part.size() == 1 && !signature.empty())) {
        if (part["thought"].as_bool().value_or(false)) {
            // A streamed thought comes back in pieces, the signature with the last.
            auto* open = to.empty() ? nullptr : std::get_if<reasoning_part>(&to.back());
            if (open != nullptr && open->signature.empty() && open->redacted.empty()) {
                text.append_string_to(open->text);
                take_signature(*open, std::move(signature));
                return true;
            }
            add_signed(text.string());
            return true;
        }
        if (!text.equals("")) {
            to.emplace_back(text_part{.text = text.string()});
        }
        if (!signature.empty()) {
            add_signed({});
        }
        return true;
    }
    if (std::optional<content_part> media = read_media(part)) {
        to.push_back(*std::move(media));
        if (!signature.empty()) {
            add_signed({});
        }
        return true;
    }
    std::string type = "part";
    for (json::member m : part.members()) {
        if (m.val.is_object()) {
            type = camel(m.key);
            break;
        }
    }
    to.emplace_back(unknown_part{.type = std::move(type), .value = raw_json{compact(part.raw())}});
    return true;
}

tool_call read_call(json::value part)
{
    const json::value call = member(part, "functionCall");
    tool_call out;
    out.id = call["id"].string();
    out.name = call["name"].string();
    out.arguments = call["args"].is_object() ? compact(call["args"].raw()) : "{}";
    out.signature = signature_of(part);
    return out;
}

bool is_own_part(unknown_part const& part)
{
    json::document doc;
    json::parse_error error;
    if (!doc.parse(part.value.text, error) || doc.root().contains("type")) {
        return false;
    }
    return std::any_of(own_kinds.begin(), own_kinds.end(),
                       [&](std::string_view kind) { return member(doc.root(), kind).exists(); });
}

} // namespace cogate::providers::gemini

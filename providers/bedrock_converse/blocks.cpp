#include "providers/bedrock_converse/blocks.hpp"

#include "providers/bedrock_converse/codec.hpp"
#include "providers/common/fields.hpp"

#include <array>

namespace cogate::providers::bedrock_converse {

namespace {

void read_reasoning(json::value block, message& m)
{
    const json::value text = block["reasoningText"];
    reasoning_part part{.text = text["text"].string(),
                        .signature = text["signature"].string(),
                        .redacted = block["redactedContent"].string()};
    if (!part.text.empty() || !part.signature.empty() || !part.redacted.empty()) {
        m.content.emplace_back(std::move(part));
    }
}

void read_tool_use(json::value use, message& m)
{
    static constexpr std::array<std::string_view, 4> known = {"toolUseId", "name", "input", "type"};
    tool_call call{.id = use["toolUseId"].string(), .name = use["name"].string(), .arguments = "{}"};
    const json::value input = use["input"];
    if (input.is_string()) {
        call.arguments = input.equals("") ? "{}" : input.string();
    } else if (input.exists() && !input.is_null()) {
        call.arguments = input.raw();
    }
    keep_unknown(use, known, call.extra);
    m.tool_calls.push_back(std::move(call));
}

bool read_image(json::value image, message& m)
{
    const json::value bytes = image["source"]["bytes"];
    const json::value format = image["format"];
    if (!bytes.is_string() || !format.is_string()) {
        return false;
    }
    image_part part;
    part.source.data = bytes.string();
    part.source.media_type = "image/" + format.string();
    m.content.emplace_back(std::move(part));
    return true;
}

void keep_whole(json::value block, message& m)
{
    for (json::member member : block.members()) {
        if (member.key != "type") {
            m.content.emplace_back(
                unknown_part{.type = std::string(member.key), .value = {std::string(block.raw())}});
            return;
        }
    }
}

} // namespace

bool is_server_tool(json::value tool_use) noexcept
{
    return tool_use["type"].equals("server_tool_use");
}

std::string cited_text(json::value citations_content)
{
    std::string out;
    for (json::value piece : citations_content["content"]) {
        piece["text"].append_string_to(out);
    }
    return out;
}

bool read_block(json::value block, message& m, bool& answered)
{
    if (!block.is_object()) {
        return false;
    }
    if (const json::value text = block["text"]; text.is_string()) {
        if (!text.equals("")) {
            m.content.emplace_back(text_part{.text = text.string()});
        }
        return true;
    }
    if (const json::value use = block["toolUse"]; use.is_object() && !is_server_tool(use)) {
        if (use["name"].equals(answer_tool)) {
            answered = true;
            m.content.emplace_back(text_part{.text = std::string(use["input"].raw())});
        } else {
            read_tool_use(use, m);
        }
        return true;
    }
    if (const json::value reasoning = block["reasoningContent"]; reasoning.is_object()) {
        read_reasoning(reasoning, m);
        return true;
    }
    if (const json::value cited = block["citationsContent"]; cited.is_object()) {
        text_part part{.text = cited_text(cited)};
        part.citations.text = cited["citations"].raw();
        m.content.emplace_back(std::move(part));
        return true;
    }
    if (const json::value image = block["image"]; image.is_object() && read_image(image, m)) {
        return true;
    }
    keep_whole(block, m);
    return true;
}

} // namespace cogate::providers::bedrock_converse

#include "providers/openai_responses/items.hpp"

#include "providers/common/sealed.hpp"
#include "providers/openai_responses/codec.hpp"

#include "lib/core/hash.hpp"

namespace cogate::providers::openai_responses {

std::size_t reasoning_group_end(std::span<content_part const> content, std::size_t begin) noexcept
{
    auto const& first = std::get<reasoning_part>(content[begin]);
    bool sealed = !first.redacted.empty() || first.id.empty();
    std::size_t end = begin + 1;
    for (; end != content.size(); ++end) {
        auto const* next = std::get_if<reasoning_part>(&content[end]);
        // The encrypted content closes an item; only it may follow as a part of its own.
        if (next == nullptr || sealed || next->id != first.id || next->redacted.empty() ||
            !next->text.empty()) {
            break;
        }
        sealed = true;
    }
    return end;
}

reasoning_item joined_reasoning(std::span<content_part const> parts)
{
    reasoning_item out;
    for (content_part const& part : parts) {
        auto const& reasoning = std::get<reasoning_part>(part);
        out.text += reasoning.text;
        if (out.id.empty()) {
            out.id = reasoning.id;
        }
        if (!reasoning.redacted.empty()) {
            out.encrypted = reasoning.redacted;
        }
        if (out.extra == nullptr) {
            out.extra = &reasoning.extra;
        }
    }
    return out;
}

namespace {

constexpr std::string_view call_mark = "::signature::";
constexpr std::string_view anthropic = "anthropic_messages";

} // namespace

std::string signed_call_id(tool_call const& call)
{
    return call.signature.empty() ? call.id : call.id + std::string(call_mark) + call.signature;
}

std::string cut_signature(std::string& id)
{
    const auto at = id.find(call_mark);
    if (at == std::string::npos) {
        return {};
    }
    std::string signature = id.substr(at + call_mark.size());
    id.resize(at);
    return signature;
}

void take_reasoning_marks(reasoning_part& part)
{
    const bool made = part.id.starts_with(made_reasoning_id);
    if (made) {
        part.id.clear();
    }
    if (part.redacted.starts_with(signature_mark)) {
        part.signature = part.redacted.substr(signature_mark.size());
        part.redacted.clear();
    } else if (open_seal(part.redacted)) {
        take_seals(part);
    } else if (!made && part.id.empty() && !part.redacted.empty()) {
        part.redacted = seal(dialect_name, {}, part.redacted);
    }
}

std::string encrypted_for_client(std::string_view redacted, std::string_view id)
{
    const bool foreign = id.empty() && !redacted.empty() && !open_seal(redacted);
    return foreign ? seal(anthropic, {}, redacted) : std::string(redacted);
}

std::optional<std::string_view> encrypted_for_provider(std::string_view redacted,
                                                       std::string_view id) noexcept
{
    const std::optional<opened_seal> opened = open_seal(redacted);
    if (opened && opened->dialect == dialect_name) {
        return opened->data;
    }
    return opened || id.empty() ? std::nullopt : std::optional(redacted);
}

std::string derived_id(std::string_view prefix, std::string_view seed, std::size_t number)
{
    constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string out(prefix);
    for (std::uint64_t group = 0; group != 3; ++group) {
        std::uint64_t bits = core::hash64(seed, (static_cast<std::uint64_t>(number) << 2) | group);
        for (int i = 0; i != 8; ++i) {
            out += alphabet[bits % alphabet.size()];
            bits /= alphabet.size();
        }
    }
    return out;
}

} // namespace cogate::providers::openai_responses

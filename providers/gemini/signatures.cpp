#include "providers/gemini/signatures.hpp"

#include "providers/common/sealed.hpp"

#include "lib/core/text.hpp"

namespace cogate::providers::gemini {

namespace {

constexpr std::string_view own = "gemini";
constexpr std::string_view signed_by_anthropic = "anthropic_signature";
constexpr std::string_view redacted_by_anthropic = "anthropic_redacted";
constexpr std::string_view encrypted_by_openai = "openai_responses";
constexpr std::string_view encoded_mark = "Y29nYXRl"; // "cogate"

} // namespace

void take_signature(reasoning_part& part, std::string wire)
{
    if (wire.empty()) {
        return;
    }
    const std::optional<std::string> text =
        wire.starts_with(encoded_mark) ? core::base64_decode(wire) : std::nullopt;
    const std::optional<opened_seal> opened = text ? open_seal(*text) : std::nullopt;
    if (!opened) {
        part.signature = seal(own, {}, wire);
    } else if (opened->dialect == signed_by_anthropic) {
        part.signature = opened->data;
    } else if (opened->dialect == redacted_by_anthropic) {
        part.redacted = opened->data;
    } else {
        part.redacted = *text;
        take_seals(part);
    }
}

std::string_view signature_for_google(reasoning_part const& part) noexcept
{
    const std::optional<opened_seal> opened = open_seal(part.signature);
    return opened && opened->dialect == own ? opened->data : std::string_view();
}

std::string signature_for_client(std::string_view signature)
{
    if (signature.empty()) {
        return {};
    }
    const std::optional<opened_seal> opened = open_seal(signature);
    if (opened && opened->dialect == own) {
        return std::string(opened->data);
    }
    return core::base64_encode(opened ? std::string(signature) : seal(signed_by_anthropic, {}, signature));
}

std::string redacted_for_client(std::string_view redacted, std::string_view id)
{
    if (redacted.empty()) {
        return {};
    }
    if (open_seal(redacted)) {
        return core::base64_encode(redacted);
    }
    return core::base64_encode(seal(id.empty() ? redacted_by_anthropic : encrypted_by_openai, id, redacted));
}

std::string mark_for_client(reasoning_part const& part)
{
    return part.redacted.empty() ? signature_for_client(part.signature)
                                 : redacted_for_client(part.redacted, part.id);
}

} // namespace cogate::providers::gemini

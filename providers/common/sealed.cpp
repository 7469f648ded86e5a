#include "providers/common/sealed.hpp"

namespace cogate::providers {

namespace {

constexpr std::string_view mark = "cogate.";
constexpr std::string_view anthropic = "anthropic_messages";
constexpr std::string_view openai = "openai_responses";
constexpr std::size_t longest_id = 256;

bool is_bare(std::string_view text) noexcept
{
    return !open_seal(text);
}

/// `text` as the canonical form has it; OpenAI's id goes to `part`.
void take_seal(reasoning_part& part, std::string& text)
{
    const std::optional<opened_seal> opened = open_seal(text);
    if (!opened || (opened->dialect == openai && opened->id.empty())) {
        return;
    }
    if (opened->dialect == openai) {
        part.id = opened->id;
    } else if (opened->dialect != anthropic) {
        return;
    }
    text = std::string(opened->data);
}

} // namespace

std::string seal(std::string_view dialect, std::string_view id, std::string_view data)
{
    const bool clear = id.size() <= longest_id && id.find('.') == std::string_view::npos;
    std::string out(mark);
    out.append(dialect).append(".").append(clear ? id : std::string_view()).append(".").append(data);
    return out;
}

std::optional<opened_seal> open_seal(std::string_view text) noexcept
{
    if (!text.starts_with(mark)) {
        return std::nullopt;
    }
    text.remove_prefix(mark.size());
    const auto dialect = text.find('.');
    const auto id = dialect == std::string_view::npos ? dialect : text.find('.', dialect + 1);
    if (id == std::string_view::npos) {
        return std::nullopt;
    }
    return opened_seal{text.substr(0, dialect), text.substr(dialect + 1, id - dialect - 1),
                       text.substr(id + 1)};
}

bool is_anthropic_mark(reasoning_part const& part) noexcept
{
    return (!part.signature.empty() || !part.redacted.empty()) && !is_foreign_to_anthropic(part);
}

bool is_foreign_to_anthropic(reasoning_part const& part) noexcept
{
    return !part.id.empty() || !is_bare(part.signature) || !is_bare(part.redacted);
}

void take_seals(reasoning_part& part)
{
    take_seal(part, part.signature);
    take_seal(part, part.redacted);
}

std::string signature_for_client(std::string_view signature, std::string_view id)
{
    return id.empty() || !signature.empty() ? std::string(signature) : seal(openai, id, {});
}

std::string redacted_for_client(std::string_view redacted, std::string_view id)
{
    return id.empty() || redacted.empty() ? std::string(redacted) : seal(openai, id, redacted);
}

} // namespace cogate::providers

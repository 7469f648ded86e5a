#include "providers/bedrock_converse/models.hpp"

#include "providers/anthropic_messages/model_family.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::bedrock_converse {

namespace {

bool has(std::string_view model, std::string_view word) noexcept
{
    return model.find(word) != std::string_view::npos;
}

template <std::size_t N>
bool has_any(std::string_view model, std::array<std::string_view, N> const& words) noexcept
{
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return has(model, word); });
}

} // namespace

model_facts facts_of(std::string_view model)
{
    static constexpr std::array<std::string_view, 8> without_cache = {
        "meta.", "mistral.", "cohere.", "ai21.", "amazon.titan", "deepseek.", "qwen.", "writer."};
    static constexpr std::array<std::string_view, 6> without_thinking = {"meta.", "mistral.mi",   "cohere.",
                                                                         "ai21.", "amazon.titan", "writer."};
    static constexpr std::array<std::string_view, 5> without_schema = {"meta.", "cohere.command", "ai21.",
                                                                       "amazon.titan", "writer."};
    model_facts out;
    if (has(model, "anthropic.") || has(model, "claude")) {
        out.claude = &anthropic_messages::family_of(model);
        out.thinks = out.claude->thinking != anthropic_messages::thinking_mode::none;
        out.caches = true;
        out.output_config = out.claude->structured_output;
        out.strict_tools = out.output_config;
        return out;
    }
    if (has(model, "amazon.nova")) {
        out.nova = true;
        out.thinks = has(model, "nova-2");
        out.caches = true;
        return out;
    }
    out.thinks = !has_any(model, without_thinking);
    out.caches = !has_any(model, without_cache) && !has(model, "openai.");
    out.output_config = !has_any(model, without_schema);
    out.nine_letter_ids = has(model, "mistral.");
    return out;
}

} // namespace cogate::providers::bedrock_converse

#pragma once
/// Names of models and providers, as LiteLLM, models.dev and people write them. Pure, safe from any thread;
/// returned views point into their arguments or into static text.

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace cogate::catalog {

/// One name per provider: "bedrock_converse" is "bedrock", "vertex_ai-anthropic_models" is "vertex_ai",
/// "google" (models.dev) is "gemini". An unknown name is itself.
std::string_view canonical_provider(std::string_view name) noexcept;

/// Up to the first '/', and what follows; no provider when there is no '/'.
struct split_name {
    std::string_view provider;
    std::string_view model;
};
split_name split_model(std::string_view name) noexcept;

/// Less and less literal readings of a provider's model name, the first being the name itself:
/// - bedrock: without "converse/", "invoke/", an AWS region segment, an ARN's head, a geographic inference prefix
///   ("us.", "eu.", "apac.", "global.", ...) and a context suffix (":51k");
/// - all: without the tuning of "ft:model:organisation::id" ("ft:model"), a version tag after '@', a date at the
///   end ("-2024-08-06", "-20240806"), "-latest", Vertex AI's "-001" .. "-009".
/// ":free" and other suffixes that change the price stay.
class name_readings {
public:
    name_readings(std::string_view provider, std::string_view model) noexcept;

    std::string_view const* begin() const noexcept { return readings_.data(); }
    std::string_view const* end() const noexcept { return readings_.data() + count_; }

private:
    void add(std::string_view reading) noexcept;

    std::array<std::string_view, 8> readings_{};
    std::size_t count_ = 0;
};

} // namespace cogate::catalog

#include "lib/catalog/names.hpp"

#include <algorithm>

namespace cogate::catalog {
namespace {

using alias = std::pair<std::string_view, std::string_view>;

constexpr std::array provider_aliases = std::to_array<alias>({
    {"bedrock_converse", "bedrock"},
    {"amazon-bedrock", "bedrock"},
    {"azure_text", "azure"},
    {"text-completion-openai", "openai"},
    {"cohere_chat", "cohere"},
    {"ai21_chat", "ai21"},
    {"fireworks_ai-embedding-models", "fireworks_ai"},
    {"fireworks-ai", "fireworks_ai"},
    {"text-completion-codestral", "codestral"},
    {"ollama_chat", "ollama"},
    {"google", "gemini"},
    {"gemini_openai", "gemini"},
    {"google-vertex", "vertex_ai"},
    {"google-vertex-anthropic", "vertex_ai"},
    {"moonshotai", "moonshot"},
    {"togetherai", "together_ai"},
    {"alibaba", "dashscope"},
    {"azure-cognitive-services", "azure_ai"},
    {"nvidia", "nvidia_nim"},
    {"vercel", "vercel_ai_gateway"},
    {"github-copilot", "github_copilot"},
    {"cloudflare-workers-ai", "cloudflare"},
    {"novita-ai", "novita"},
    {"llama", "meta_llama"},
    {"snowflake-cortex", "snowflake"},
    {"friendli", "friendliai"},
    {"venice", "veniceai"},
    {"lmstudio", "lm_studio"},
});

constexpr std::array geographic_prefixes = std::to_array<std::string_view>(
    {"us.", "eu.", "apac.", "global.", "jp.", "au.", "ca.", "in.", "us-gov.", "sa.", "me."});

constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

// 'd' stands for a digit.
bool ends_like(std::string_view text, std::string_view shape) noexcept
{
    if (text.size() <= shape.size()) {
        return false;
    }
    std::string_view const tail = text.substr(text.size() - shape.size());
    return std::equal(tail.begin(), tail.end(), shape.begin(),
                      [](char c, char wanted) { return wanted == 'd' ? is_digit(c) : c == wanted; });
}

std::string_view without_date(std::string_view model) noexcept
{
    for (std::string_view const shape : {"-dddd-dd-dd", "@dddddddd", "-dddddddd"}) {
        if (ends_like(model, shape)) {
            return model.substr(0, model.size() - shape.size());
        }
    }
    return model;
}

std::string_view without_version(std::string_view model) noexcept
{
    std::size_t const at = model.rfind('@');
    if (at != std::string_view::npos && at != 0) {
        return model.substr(0, at);
    }
    constexpr std::string_view latest = "-latest";
    if (model.size() > latest.size() && model.ends_with(latest)) {
        return model.substr(0, model.size() - latest.size());
    }
    return ends_like(model, "-00d") ? model.substr(0, model.size() - 4) : model;
}

std::string_view without_tuning(std::string_view model) noexcept
{
    if (!model.starts_with("ft:")) {
        return model;
    }
    return model.substr(0, model.find(':', 3));
}

// "us-east-1", "ap-northeast-1", "us-gov-west-1"
bool is_region(std::string_view segment) noexcept
{
    return segment.size() >= 9 && segment.size() <= 16 && is_digit(segment.back()) &&
           segment[segment.size() - 2] == '-' && std::count(segment.begin(), segment.end(), '-') >= 2 &&
           segment.find('.') == std::string_view::npos;
}

std::string_view bedrock_model(std::string_view model) noexcept
{
    if (model.starts_with("arn:")) {
        std::size_t const slash = model.rfind('/');
        return slash == std::string_view::npos ? model : model.substr(slash + 1);
    }
    for (std::size_t slash = model.find('/'); slash != std::string_view::npos; slash = model.find('/')) {
        std::string_view const head = model.substr(0, slash);
        if (head != "converse" && head != "invoke" && head != "converse_like" && !is_region(head)) {
            break;
        }
        model.remove_prefix(slash + 1);
    }
    return model;
}

std::string_view without_geography(std::string_view model) noexcept
{
    for (std::string_view const prefix : geographic_prefixes) {
        if (model.starts_with(prefix)) {
            return model.substr(prefix.size());
        }
    }
    return model;
}

// ":51k" of "anthropic.claude-3-sonnet-20240229-v1:0:28k"; the ":0" before it stays.
std::string_view without_context_suffix(std::string_view model) noexcept
{
    std::size_t const colon = model.rfind(':');
    return colon != std::string_view::npos && model.ends_with('k') && model.find(':') != colon
               ? model.substr(0, colon)
               : model;
}

} // namespace

std::string_view canonical_provider(std::string_view name) noexcept
{
    auto const found = std::find_if(provider_aliases.begin(), provider_aliases.end(),
                                    [&](alias const& each) { return each.first == name; });
    if (found != provider_aliases.end()) {
        return found->second;
    }
    return name.starts_with("vertex_ai-") ? std::string_view("vertex_ai") : name;
}

split_name split_model(std::string_view name) noexcept
{
    std::size_t const slash = name.find('/');
    return slash == std::string_view::npos ? split_name{{}, name}
                                           : split_name{name.substr(0, slash), name.substr(slash + 1)};
}

name_readings::name_readings(std::string_view provider, std::string_view model) noexcept
{
    add(model);
    if (provider == "bedrock") {
        model = bedrock_model(model);
        add(model);
        model = without_geography(model);
        add(model);
        model = without_context_suffix(model);
        add(model);
    }
    model = without_tuning(model);
    add(model);
    model = without_date(model);
    add(model);
    add(without_version(model));
}

void name_readings::add(std::string_view reading) noexcept
{
    if (!reading.empty() && (count_ == 0 || readings_[count_ - 1] != reading)) {
        readings_[count_] = reading;
        ++count_;
    }
}

} // namespace cogate::catalog

#include "providers/resolve.hpp"

#include "lib/core/text.hpp"
#include "lib/core/words.hpp"
#include "lib/wire/url.hpp"
#include "providers/registry.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers {

namespace {

constexpr std::size_t longest_echo = 200;

struct bare_family {
    std::string_view services; // in LiteLLM's order
    std::string_view beginnings;
};

constexpr std::array families = {
    bare_family{"openai",
                "gpt- chatgpt- o1 o3 o4 ft:gpt- ft:o1 ft:o3 ft:o4 ft:babbage ft:davinci text-embedding-3 "
                "text-embedding-ada text-moderation- omni-moderation- dall-e- gpt-image- whisper- tts- "
                "codex- computer-use- davinci-002 babbage-002"},
    bare_family{"anthropic", "claude-"},
    bare_family{"vertex_ai gemini",
                "gemini- imagen- text-embedding-00 textembedding-gecko text-multilingual-embedding"},
    bare_family{"cohere", "command- embed-english- embed-multilingual- embed-v4 rerank-"},
    bare_family{"mistral",
                "mistral- open-mistral- open-mixtral- ministral- magistral- pixtral- codestral- devstral-"},
    bare_family{"deepseek", "deepseek-"},
    bare_family{"xai", "grok-"},
    bare_family{"perplexity", "sonar"},
    bare_family{"voyage", "voyage-"},
    bare_family{"jina_ai", "jina-"},
    bare_family{"dashscope", "qwen"},
    bare_family{"moonshot", "kimi- moonshot-"},
    bare_family{"zai", "glm-"},
    bare_family{"ai21_chat", "jamba-"},
    bare_family{
        "bedrock",
        "anthropic. amazon. meta. mistral. cohere. ai21. deepseek. openai. us.anthropic. "
        "eu.anthropic. apac.anthropic. global.anthropic. us.amazon. eu.amazon. us.meta. us.deepseek."},
};

bool begins_with_one_of(std::string_view name, std::string_view beginnings)
{
    for (std::string_view const each : core::words(beginnings)) {
        if (name.starts_with(each)) {
            return true;
        }
    }
    return false;
}

failure not_found(std::string text)
{
    return failure(error_kind::not_found, std::move(text)).with_code("model_not_found").with_param("model");
}

std::string echoed(std::string_view name)
{
    return "'" + std::string(name.substr(0, longest_echo)) + "'";
}

/// "bedrock/us-east-1/..." names a region; two letters, words and a digit.
bool is_aws_region(std::string_view text) noexcept
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; };
    return text.size() >= 9 && text.size() <= 20 && text[2] == '-' && text.back() >= '1' &&
           text.back() <= '9' && text[text.size() - 2] == '-' &&
           std::all_of(text.begin(), text.end() - 1, letter);
}

bool is_replicate_version(std::string_view name) noexcept
{
    return name.size() == 64 && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

/// Takes `word` and a slash from the front.
bool take(std::string_view& model, std::string_view word) noexcept
{
    if (model.size() <= word.size() || !model.starts_with(word) || model[word.size()] != '/') {
        return false;
    }
    model.remove_prefix(word.size() + 1);
    return true;
}

std::string_view dialect_that_ends(provider const& row, std::string_view ending)
{
    for (std::string_view const name : core::words(row.dialects)) {
        if (name.ends_with(ending)) {
            return name;
        }
    }
    return {};
}

std::string_view bedrock_dialect(std::string_view& model)
{
    if (take(model, "invoke")) {
        return model.find("anthropic.") != std::string_view::npos ? "bedrock_anthropic" : "";
    }
    take(model, "converse") || take(model, "converse_like");
    return "bedrock_converse";
}

std::string_view vertex_dialect(std::string_view model)
{
    if (model.starts_with("claude-") || model.starts_with("anthropic/")) {
        return "vertex_anthropic";
    }
    const bool partner =
        begins_with_one_of(model, "meta/ mistral mistralai/ deepseek-ai/ qwen/ openai/ moonshotai/ "
                                  "minimaxai/ zai-org/ ai21/ jamba- codestral- llama");
    return partner ? "vertex_openai" : "vertex_gemini";
}

/// The dialect that the rest of the name asks for; empty: it asks for one that there is not.
std::string_view choose_dialect(provider const& row, std::string_view& model)
{
    const std::string_view primary = core::first_word(row.dialects);
    if (primary == "bedrock_converse") {
        return bedrock_dialect(model);
    }
    if (primary == "vertex_gemini") {
        return vertex_dialect(model);
    }
    // Deployments there have names of one's own; LiteLLM goes by this word, too.
    if (row.name == "azure_ai" && core::ilower(model).find("claude") != std::string::npos) {
        return "azure_anthropic";
    }
    if (std::string_view const responses = dialect_that_ends(row, "_responses");
        !responses.empty() && take(model, "responses")) {
        return responses;
    }
    // OpenAI's last models that know no turns.
    const bool turnless =
        begins_with_one_of(model, "gpt-3.5-turbo-instruct davinci-002 babbage-002 ft:davinci ft:babbage");
    return row.name == "openai" && turnless ? "openai_completions" : primary;
}

/// "huggingface/<service>/<org>/<model>" of LiteLLM is "org/model:service" on the wire.
std::string router_name(std::string_view model)
{
    const auto head = core::split_once(model, '/');
    if (!head || head->second.find('/') == std::string_view::npos) {
        return std::string(model);
    }
    return std::string(head->second) + ':' + std::string(head->first);
}

result<resolved_model> on(provider const& row, std::string_view model, std::string_view whole)
{
    resolved_model out{.service = &row, .model = {}};
    const bool bedrock = row.auth == auth_scheme::aws_signature;
    if (auto const head = core::split_once(model, '/'); bedrock && head && is_aws_region(head->first)) {
        out.settings.emplace_back("aws_region_name", std::string(head->first));
        model = head->second;
    }
    const std::string_view dialect = choose_dialect(row, model);
    if (dialect.empty()) {
        return not_found(echoed(whole) +
                         ": of the models behind InvokeModel only Anthropic's are served; write "
                         "bedrock/converse/... for the others");
    }
    out.dialect = find_client_dialect(dialect);
    if (out.dialect == nullptr) {
        return not_found(echoed(whole) + ": there is no dialect " + std::string(dialect));
    }
    if (model.empty()) {
        return not_found(echoed(whole) + " names no model: write " + std::string(row.name) + "/<model>");
    }
    out.model = row.name == "huggingface" ? router_name(model) : std::string(model);
    return out;
}

struct host_family {
    std::string_view ending;
    std::string_view service;
};

constexpr std::array host_families = {
    host_family{".openai.azure.com", "azure"},
    host_family{".cognitiveservices.azure.com", "azure"},
    host_family{".services.ai.azure.com", "azure_ai"},
    host_family{".models.ai.azure.com", "azure_ai"},
    host_family{"aiplatform.googleapis.com", "vertex_ai"},
    host_family{".cloud.databricks.com", "databricks"},
    host_family{".azuredatabricks.net", "databricks"},
    host_family{".snowflakecomputing.com", "snowflake"},
};

bool is_loopback(std::string_view host) noexcept
{
    return host == "localhost" || host.starts_with("127.") || host == "::1";
}

/// The row that a base URL belongs to, or nullptr. Of several on one host the one with the longest common path.
provider const* row_of_base(std::string_view api_base)
{
    const std::optional<wire::url> url = wire::parse_url(api_base);
    if (!url || is_loopback(url->host)) {
        return nullptr;
    }
    provider const* best = nullptr;
    std::size_t best_path = 0;
    for (provider const& row : all_providers()) {
        const std::optional<wire::url> own = wire::parse_url(row.base_url);
        if (!own || own->host != url->host || row.local != nullptr) {
            continue;
        }
        const bool inside = url->path.starts_with(own->path);
        if (best == nullptr || (inside && own->path.size() > best_path)) {
            best = &row;
            best_path = inside ? own->path.size() : 0;
        }
    }
    if (best != nullptr) {
        return best;
    }
    if (url->host.starts_with("bedrock-runtime.") && url->host.ends_with(".amazonaws.com")) {
        return find_provider("bedrock");
    }
    if (url->host.starts_with("bedrock-mantle.")) {
        return find_provider("bedrock_mantle");
    }
    for (host_family const& each : host_families) {
        if (url->host.ends_with(each.ending)) {
            return find_provider(each.service);
        }
    }
    return nullptr;
}

provider const* row_of_bare_name(std::string_view name, service_filter const& prefer)
{
    if (name == "*") {
        return find_provider("openai");
    }
    if (is_replicate_version(name)) {
        return find_provider("replicate");
    }
    for (bare_family const& each : families) {
        if (!begins_with_one_of(name, each.beginnings)) {
            continue;
        }
        for (std::string_view const service : core::words(each.services)) {
            provider const* const row = find_provider(service);
            if (row != nullptr && prefer && prefer(*row)) {
                return row;
            }
        }
        return find_provider(core::first_word(each.services));
    }
    return nullptr;
}

failure nobody_serves(std::string_view name)
{
    std::string text;
    if (auto const head = core::split_once(name, '/')) {
        std::vector<std::string_view> names;
        for (provider const& row : all_providers()) {
            names.push_back(row.name);
        }
        text = "there is no provider " + echoed(head->first);
        if (auto const near = core::nearest(head->first, names)) {
            text += "; did you mean " + std::string(*near) + "/...?";
        }
    } else {
        text = "cannot tell which provider serves " + echoed(name);
    }
    return not_found(text + (text.ends_with('?') ? "" : ".") +
                     " Write provider/model (openai/gpt-4o, anthropic/claude-sonnet-4-5, ...; `cogate models "
                     "--providers` lists them), or set api_base for a service that speaks OpenAI's dialect");
}

} // namespace

result<resolved_model> resolve_model(std::string_view name, std::string_view api_base,
                                     service_filter const& prefer)
{
    if (name.empty()) {
        return not_found("the model's name is empty");
    }
    if (auto const parts = core::split_once(name, '/')) {
        if (provider const* const row = find_provider(parts->first)) {
            const bool not_openai =
                row->name == "azure" && begins_with_one_of(parts->second, "command-r mistral");
            if (not_openai) {
                return on(*find_provider("openai"), parts->second, name);
            }
            if (row->name == "bedrock" && parts->second.starts_with("mantle/")) {
                return on(*find_provider("bedrock_mantle"), parts->second.substr(7), name);
            }
            return on(*row, parts->second, name);
        }
    }
    if (!api_base.empty()) {
        provider const* row = row_of_base(api_base);
        if (row == nullptr && name.starts_with("claude-")) {
            row = find_provider("anthropic");
        }
        return on(row != nullptr ? *row : *find_provider("openai_compatible"), name, name);
    }
    if (provider const* const row = row_of_bare_name(name, prefer)) {
        return on(*row, name, name);
    }
    return nobody_serves(name);
}

} // namespace cogate::providers

#include "providers/native_call.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/splice.hpp"
#include "providers/registry.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"
#include "lib/wire/url.hpp"

#include <array>
#include <utility>
#include <vector>

namespace cogate::providers {
namespace {

/// A way that ends in `tail`: segments, of which one may be or begin with "{}", the model.
struct native_way {
    std::string_view service;
    std::string_view tail;
    std::string_view dialect;
    operation what = operation::chat;
    bool stream = false; ///< the path says it; else the body may
};

// Of several that fit the first counts. Sources: OpenAI, Azure OpenAI, Anthropic, Google AI, Vertex AI, Bedrock Runtime,
// Cohere and Mistral API references.
constexpr native_way ways[] = {
    {"openai", "chat/completions", "openai_chat"},
    {"openai", "completions", "openai_completions", operation::completion},
    {"openai", "responses", "openai_responses", operation::responses},
    {"openai", "embeddings", "openai_chat", operation::embedding},
    {"azure", "deployments/{}/chat/completions", "azure_openai"},
    {"azure", "deployments/{}/completions", "openai_completions", operation::completion},
    {"azure", "deployments/{}/embeddings", "azure_openai", operation::embedding},
    {"azure", "chat/completions", "azure_openai"},
    {"azure", "responses", "azure_responses", operation::responses},
    {"azure", "embeddings", "azure_openai", operation::embedding},
    {"mistral", "chat/completions", "openai_chat"},
    {"mistral", "fim/completions", "openai_chat"},
    {"mistral", "embeddings", "openai_chat", operation::embedding},
    {"anthropic", "messages", "anthropic_messages"},
    {"anthropic", "messages/count_tokens", "anthropic_messages", operation::count_tokens},
    {"gemini", "{}:generateContent", "gemini"},
    {"gemini", "{}:streamGenerateContent", "gemini", operation::chat, true},
    {"gemini", "{}:countTokens", "gemini", operation::count_tokens},
    {"gemini", "openai/chat/completions", "openai_chat"},
    {"gemini", "openai/embeddings", "openai_chat", operation::embedding},
    {"vertex_ai", "publishers/google/models/{}:generateContent", "vertex_gemini"},
    {"vertex_ai", "publishers/google/models/{}:streamGenerateContent", "vertex_gemini", operation::chat,
     true},
    {"vertex_ai", "publishers/google/models/{}:countTokens", "vertex_gemini", operation::count_tokens},
    {"vertex_ai", "publishers/anthropic/models/{}:rawPredict", "vertex_anthropic"},
    {"vertex_ai", "publishers/anthropic/models/{}:streamRawPredict", "vertex_anthropic", operation::chat,
     true},
    {"vertex_ai", "endpoints/openapi/chat/completions", "vertex_openai"},
    {"bedrock", "model/{}/converse", "bedrock_converse"},
    {"bedrock", "model/{}/converse-stream", "bedrock_converse", operation::chat, true},
    {"bedrock", "model/{}/invoke", "bedrock_anthropic"},
    {"bedrock", "model/{}/invoke-with-response-stream", "bedrock_anthropic", operation::chat, true},
    {"cohere", "v2/chat", "cohere"},
    {"cohere", "compatibility/v1/chat/completions", "openai_chat"},
};

constexpr std::string_view model_mark = "{}";

// As the service will read it: decoded, without empty and dot segments. Empty where it is no path.
std::vector<std::string> segments_of(std::string_view path)
{
    std::vector<std::string> out;
    while (!path.empty()) {
        std::string_view const raw = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), raw.size() + 1));
        std::optional<std::string> segment = wire::percent_decode(raw);
        if (!segment) {
            return {};
        }
        if (*segment == "..") {
            if (!out.empty()) {
                out.pop_back();
            }
        } else if (!segment->empty() && *segment != ".") {
            out.push_back(std::move(*segment));
        }
    }
    return out;
}

// Whether the path ends so; `model` is what the mark stands for there.
bool fits(std::string_view tail, std::vector<std::string> const& path, std::string& model)
{
    for (auto segment = path.rbegin(); !tail.empty(); ++segment) {
        std::size_t const slash = tail.rfind('/');
        std::string_view const wanted = tail.substr(slash == std::string_view::npos ? 0 : slash + 1);
        tail = tail.substr(0, slash == std::string_view::npos ? 0 : slash);
        if (segment == path.rend()) {
            return false;
        }
        if (!wanted.starts_with(model_mark)) {
            if (*segment != wanted) {
                return false;
            }
            continue;
        }
        std::string_view const verb = wanted.substr(model_mark.size());
        if (segment->size() <= verb.size() || !segment->ends_with(verb)) {
            return false;
        }
        model = segment->substr(0, segment->size() - verb.size());
    }
    return true;
}

bool speaks(native_way const& way, std::string_view model) noexcept
{
    return way.dialect != "bedrock_anthropic" || model.find("anthropic.") != std::string_view::npos;
}

std::optional<std::int64_t> converse_limit(std::string_view settings)
{
    json::document document;
    json::scan_error error;
    return document.parse(settings, error) ? document.root()["maxTokens"].as_int64() : std::nullopt;
}

} // namespace

result<std::optional<native_call>> read_native_call(std::string_view service, std::string_view method,
                                                    std::string_view path, std::string_view body)
{
    std::vector<std::string> const segments = segments_of(path);
    if (method != "POST" || segments.empty()) {
        return std::optional<native_call>{};
    }
    native_call out;
    native_way const* found = nullptr;
    for (native_way const& way : ways) {
        std::string model;
        if (way.service == service && fits(way.tail, segments, model) && speaks(way, model)) {
            found = &way;
            out.model = std::move(model);
            break;
        }
    }
    if (found == nullptr) {
        return std::optional<native_call>{};
    }
    std::array<json::member_query, 3> members{{{"model"}, {"stream"}, {"inferenceConfig"}}};
    json::scan_error error;
    if (!json::find_members(body, members, error)) {
        return not_json(error, body);
    }
    if (out.model.empty()) {
        if (absent(members[0])) {
            return std::optional<native_call>{}; // whatever the service takes then
        }
        result<std::string> named = read_model(body, members[0]);
        if (!named) {
            return named.error();
        }
        out.model = std::move(*named);
    }
    out.what = found->what;
    out.stream = found->stream || members[1].value_in(body) == "true";
    out.dialect = find_client_dialect(found->dialect);
    out.limit_is_nested = found->dialect == "bedrock_converse";
    if (out.limit_is_nested && members[2].found) {
        out.max_output_tokens = converse_limit(members[2].value_in(body));
    }
    return std::optional<native_call>(std::move(out));
}

} // namespace cogate::providers

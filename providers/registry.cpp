#include "providers/registry.hpp"

#include "providers/anthropic_messages/dialect.hpp"
#include "providers/azure/credential.hpp"
#include "providers/azure/dialect.hpp"
#include "providers/bedrock/dialect.hpp"
#include "providers/bedrock_converse/dialect.hpp"
#include "providers/cohere/dialect.hpp"
#include "providers/demo/demo.hpp"
#include "providers/gemini/dialect.hpp"
#include "providers/huggingface/dialect.hpp"
#include "providers/jina/dialect.hpp"
#include "providers/ollama/dialect.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "providers/openai_completions/dialect.hpp"
#include "providers/openai_responses/dialect.hpp"
#include "providers/replicate/dialect.hpp"
#include "providers/vertex/dialect.hpp"
#include "providers/voyage/dialect.hpp"

#include <algorithm>

namespace cogate::providers {
namespace {

constexpr provider table[] = {
#include "providers/providers.def"
};

struct client_entry {
    std::string_view name;
    client_dialect const& (*get)() noexcept;
};

constexpr client_entry clients[] = {
    {"openai_chat", openai_chat::client},
    {"azure_anthropic", azure::anthropic_client},
    {"azure_openai", azure::openai_client},
    {"azure_responses", azure::responses_client},
    {"anthropic_messages", anthropic_messages::client},
    {"bedrock_agent", bedrock::agent_client},
    {"bedrock_anthropic", bedrock::anthropic_client},
    {"bedrock_converse", bedrock_converse::client},
    {"cohere", cohere::client},
    {"gemini", gemini::client},
    {"huggingface", huggingface::client},
    {"jina", jina::client},
    {"ollama", ollama::client},
    {"openai_completions", openai_completions::client},
    {"openai_responses", openai_responses::client},
    {"replicate", replicate::client},
    {"vertex_anthropic", vertex::anthropic_client},
    {"vertex_gemini", vertex::gemini_client},
    {"vertex_openai", vertex::openai_client},
    {"voyage", voyage::client},
};

struct server_entry {
    std::string_view name;
    server_dialect const& (*get)() noexcept;
};

constexpr server_entry servers[] = {
    {"openai_chat", openai_chat::server},
    {"anthropic_messages", anthropic_messages::server},
    {"gemini", gemini::server},
    {"openai_completions", openai_completions::server},
    {"openai_responses", openai_responses::server},
};

template <class Entries>
auto find_dialect(Entries const& entries, std::string_view name) noexcept -> decltype(&entries[0].get())
{
    for (auto const& entry : entries) {
        if (entry.name == name) {
            return &entry.get();
        }
    }
    return nullptr;
}

std::unique_ptr<credential> fixed(header_list fields)
{
    return std::make_unique<fixed_credential>(std::move(fields));
}

} // namespace

std::span<provider const> all_providers() noexcept
{
    return table;
}

provider const* find_provider(std::string_view name) noexcept
{
    auto const* const at = std::ranges::find(table, name, &provider::name);
    return at != std::ranges::end(table) ? at : nullptr;
}

client_dialect const* find_client_dialect(std::string_view name) noexcept
{
    return find_dialect(clients, name);
}

server_dialect const* find_server_dialect(std::string_view name) noexcept
{
    return find_dialect(servers, name);
}

result<std::unique_ptr<credential>> make_credential(provider const& row, client_dialect const& dialect,
                                                    secret const& key, settings const& given)
{
    header_list fields;
    switch (row.auth) {
    case auth_scheme::aws_signature:
        return bedrock::aws_credential(given, key,
                                       row.name == "bedrock_mantle" ? "bedrock-mantle" : "bedrock");
    case auth_scheme::google_oauth: return vertex::make_credential(key, given);
    case auth_scheme::azure: return azure::make_credential(key, given);
    case auth_scheme::none: return fixed({});
    case auth_scheme::header:
        if (!key.empty()) {
            fields.emplace_back(std::string(row.auth_header), std::string(key.reveal()));
        }
        return fixed(std::move(fields));
    case auth_scheme::bearer:
        if (!key.empty()) {
            fields.emplace_back("authorization", "Bearer " + std::string(key.reveal()));
        }
        return fixed(std::move(fields));
    case auth_scheme::dialect: break;
    }
    if (!key.empty()) {
        fields.push_back(dialect.authorization(key));
    }
    return fixed(std::move(fields));
}

} // namespace cogate::providers

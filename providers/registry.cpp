#include "providers/registry.hpp"

#include "providers/demo/demo.hpp"
#include "providers/openai_chat/dialect.hpp"

#include <array>

namespace cogate::providers {
namespace {

constexpr std::array table{
#define COGATE_PROVIDER(name, dialect, base_url, key_variable, base_variable, local)                         \
    provider{#name, #dialect, base_url, key_variable, base_variable, local},
#include "providers/providers.def"
#undef COGATE_PROVIDER
};

} // namespace

std::span<provider const> all_providers() noexcept
{
    return table;
}

provider const* find_provider(std::string_view name) noexcept
{
    for (provider const& row : table) {
        if (row.name == name) {
            return &row;
        }
    }
    return nullptr;
}

client_dialect const* find_client_dialect(std::string_view name) noexcept
{
    return name == "openai_chat" ? &openai_chat::client() : nullptr;
}

server_dialect const* find_server_dialect(std::string_view name) noexcept
{
    return name == "openai_chat" ? &openai_chat::server() : nullptr;
}

} // namespace cogate::providers

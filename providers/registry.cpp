#include "providers/registry.hpp"

#include "providers/demo/demo.hpp"
#include "providers/openai_chat/dialect.hpp"


namespace cogate::providers {
namespace {

constexpr provider table[] = {
#include "providers/providers.def"
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

result<std::unique_ptr<credential>> make_credential(provider const& row, client_dialect const& dialect,
                                                    secret const& key, settings const&)
{
    header_list fields;
    if (key.empty()) {
        return std::unique_ptr<credential>(std::make_unique<fixed_credential>(std::move(fields)));
    }
    switch (row.auth) {
    case auth_scheme::none: break;
    case auth_scheme::header: fields.emplace_back(std::string(row.auth_header), std::string(key.reveal())); break;
    case auth_scheme::bearer:
        fields.emplace_back("authorization", "Bearer " + std::string(key.reveal()));
        break;
    default: fields.push_back(dialect.authorization(key)); break;
    }
    return std::unique_ptr<credential>(std::make_unique<fixed_credential>(std::move(fields)));
}

} // namespace cogate::providers

#pragma once

#include <cogate/result.hpp>
#include <cogate/secret.hpp>

#include "providers/credential.hpp"
#include "providers/settings.hpp"

#include <memory>

namespace cogate::providers::azure {

/// How an Azure deployment proves who it is, in this order: the Entra token "azure_ad_token"; the key in the header
/// api-key; client credentials (tenant_id, client_id, client_secret) that fetch a token for "azure_scope". With none
/// of them requests go out bare. Fails for half-given client credentials.
result<std::unique_ptr<credential>> make_credential(secret const& key, settings const& given);

} // namespace cogate::providers::azure

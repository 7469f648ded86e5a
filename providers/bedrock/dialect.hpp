#pragma once

#include "providers/client_dialect.hpp"
#include "providers/settings.hpp"

#include <string>
#include <string_view>

namespace cogate::providers::bedrock {

/// AWS Bedrock beside Converse (providers.md 7). The objects live for ever, are stateless and safe from any
/// thread. Every one of them encodes the model into the path, where it may be an id, a profile or an ARN.

/// Claude through InvokeModel: the body of Anthropic's Messages in, its answer and events out. Streams are
/// frames with events of type "chunk" that hold Anthropic's events in base64. Named "bedrock_anthropic".
client_dialect const& anthropic_client() noexcept;

/// Rerank of bedrock-agent-runtime, which is another host and has no chat. Named "bedrock_agent".
client_dialect const& agent_client() noexcept;

/// How requests to Bedrock prove who sends them: `key` (or the setting `aws_bearer_token`) as a bearer token,
/// else SigV4 with the settings aws_access_key_id, aws_secret_access_key, aws_session_token (or the keys of the profile
/// aws_profile_name, see profile.hpp) and
/// aws_region_name. `service` is the name that is signed for: "bedrock", or "bedrock-mantle" for Mantle.
/// Fails when something is missing; the text says what to set and never shows a value.
result<std::unique_ptr<credential>> aws_credential(settings const& given, secret const& key,
                                                   std::string_view service = "bedrock");

/// Base URLs from aws_region_name; the settings aws_bedrock_runtime_endpoint,
/// aws_bedrock_agent_runtime_endpoint and aws_bedrock_mantle_endpoint replace them. Empty without a region,
/// or with one that is no region's name.
std::string runtime_base_url(settings const& given);
std::string agent_base_url(settings const& given);
/// OpenAI's chat and responses on https://bedrock-mantle.<region>.api.aws/v1.
std::string mantle_base_url(settings const& given);

} // namespace cogate::providers::bedrock

#pragma once
/// Profiles of AWS's shared credentials file (~/.aws/credentials).

#include <cogate/result.hpp>

#include "providers/settings.hpp"

#include <optional>
#include <string_view>

namespace cogate::providers::bedrock {

/// The keys of one profile as the settings aws_access_key_id, aws_secret_access_key and aws_session_token. `text` is
/// the file: sections "[name]" or "[profile name]" of lines "key = value", comments with '#' or ';'. Nothing where the
/// profile is not there or lacks a key. Pure.
std::optional<settings> keys_of_profile(std::string_view text, std::string_view profile);

/// The settings with the keys of the profile that `aws_profile_name` names, where no key was said. Reads the file
/// `aws_shared_credentials_file`, else .aws/credentials below `aws_home`. authentication/"missing_credentials" where
/// the profile gives no keys.
result<settings> with_profile(settings const& given);

} // namespace cogate::providers::bedrock

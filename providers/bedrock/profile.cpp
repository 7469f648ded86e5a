#include "providers/bedrock/profile.hpp"

#include "lib/core/secret.hpp"
#include "lib/core/text.hpp"
#include "providers/common/small_file.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::bedrock {

namespace {

constexpr std::array<std::string_view, 3> key_names = {"aws_access_key_id", "aws_secret_access_key",
                                                       "aws_session_token"};

/// The name within "[...]"; nothing for any other line.
std::optional<std::string_view> section_of(std::string_view line)
{
    if (!line.starts_with('[') || !line.ends_with(']')) {
        return std::nullopt;
    }
    std::string_view name = core::trim(line.substr(1, line.size() - 2));
    if (constexpr std::string_view word = "profile "; name.starts_with(word)) {
        name = core::trim(name.substr(word.size()));
    }
    return name;
}

std::filesystem::path file_of(settings const& given)
{
    if (given.has("aws_shared_credentials_file")) {
        return std::string(given.get("aws_shared_credentials_file"));
    }
    return given.has("aws_home")
               ? std::filesystem::path(std::string(given.get("aws_home"))) / ".aws/credentials"
               : std::filesystem::path();
}

} // namespace

std::optional<settings> keys_of_profile(std::string_view text, std::string_view profile)
{
    settings out;
    bool inside = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = core::trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with('#') || line.starts_with(';')) {
            continue;
        }
        if (const auto section = section_of(line)) {
            inside = *section == profile;
        } else if (const auto parts = core::split_once(line, '='); inside && parts) {
            const std::string name = core::ilower(core::trim(parts->first));
            if (std::find(key_names.begin(), key_names.end(), name) != key_names.end()) {
                out.set(name, secret(std::string(core::trim(parts->second))));
            }
        }
    }
    return out.has(key_names[0]) && out.has(key_names[1]) ? std::optional(std::move(out)) : std::nullopt;
}

result<settings> with_profile(settings const& given)
{
    settings out = given;
    if (given.has(key_names[0]) || !given.has("aws_profile_name")) {
        return out;
    }
    const std::filesystem::path path = file_of(given);
    std::optional<std::string> text = read_small_file(path);
    const std::optional<settings> keys =
        text ? keys_of_profile(*text, given.get("aws_profile_name")) : std::nullopt;
    if (text) {
        core::wipe(*text);
    }
    if (!keys) {
        return failure(error_kind::authentication,
                       "the profile '" + std::string(given.get("aws_profile_name")) +
                           "' gives no keys: " + (text ? "it is not in " : "cannot read ") +
                           (path.empty() ? "~/.aws/credentials" : path.string()) +
                           (text ? ", or has no aws_access_key_id and aws_secret_access_key there" : ""))
            .with_code("missing_credentials");
    }
    for (std::string_view const name : key_names) {
        if (keys->has(name)) {
            out.set(std::string(name), secret(std::string(keys->get(name))));
        }
    }
    return out;
}

} // namespace cogate::providers::bedrock

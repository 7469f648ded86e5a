#include "providers/azure/credential.hpp"

#include "lib/core/json/document.hpp"
#include "providers/common/decode_error.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace cogate::providers::azure {

namespace {

constexpr std::string_view default_authority = "https://login.microsoftonline.com";
constexpr std::string_view default_scope = "https://cognitiveservices.azure.com/.default";

/// OAuth's client credentials grant of Entra ID.
class client_credentials final : public credential {
public:
    client_credentials(wire::url authority, std::string tenant, std::string client, secret password,
                       std::string scope)
        : authority_(std::move(authority)),
          tenant_(std::move(tenant)),
          client_(std::move(client)),
          password_(std::move(password)),
          scope_(std::move(scope)),
          identity_("azure " + authority_.origin() + ' ' + tenant_ + ' ' + client_ + ' ' + scope_)
    {}

    kind how() const noexcept override { return kind::token; }
    std::string_view identity() const noexcept override { return identity_; }

    result<token_request> ask(std::chrono::system_clock::time_point) const override
    {
        encoded_request request{.path = "/", .body = {}};
        wire::append_percent_encoded(request.path, tenant_);
        request.path += "/oauth2/v2.0/token";
        request.content_type = "application/x-www-form-urlencoded";
        request.body = "grant_type=client_credentials";
        const auto add = [&](std::string_view name, std::string_view value) {
            request.body += '&';
            request.body += name;
            request.body += '=';
            wire::append_percent_encoded(request.body, value);
        };
        add("client_id", client_);
        add("client_secret", password_.reveal());
        add("scope", scope_);
        return token_request{authority_, std::move(request)};
    }

    result<access_token> read(int status, std::string_view body) const override
    {
        json::document doc;
        json::parse_error error;
        if (!doc.parse(body, error) || !doc.root().is_object()) {
            return refused("an answer that is no JSON object (status " + std::to_string(status) + ")");
        }
        const json::value token = doc["access_token"];
        if (status != 200 || !token.is_string() || token.equals("")) {
            // The description may name the application, never its secret.
            const std::string why = doc["error"].string();
            return refused(why.empty() ? "status " + std::to_string(status) : why.substr(0, 128));
        }
        const std::int64_t seconds = doc["expires_in"].as_int64().value_or(0);
        return access_token{secret(token.string()),
                            std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, 86'400))};
    }

private:
    static failure refused(std::string const& why)
    {
        return failure{error_kind::authentication, "Entra ID gave no token: " + why}.with_code(
            "token_refused");
    }

    wire::url authority_;
    std::string tenant_;
    std::string client_;
    secret password_;
    std::string scope_;
    std::string identity_;
};

std::string or_default(std::string_view given, std::string_view fallback)
{
    return std::string(given.empty() ? fallback : given);
}

std::unique_ptr<credential> fixed(std::string name, std::string value)
{
    header_list fields;
    fields.emplace_back(std::move(name), std::move(value));
    return std::make_unique<fixed_credential>(std::move(fields));
}

} // namespace

result<std::unique_ptr<credential>> make_credential(secret const& key, settings const& given)
{
    if (given.has("azure_ad_token")) {
        return fixed("authorization", "Bearer " + std::string(given.get("azure_ad_token")));
    }
    if (!key.empty()) {
        return fixed("api-key", std::string(key.reveal()));
    }
    static constexpr std::array<std::string_view, 3> needed = {"tenant_id", "client_id", "client_secret"};
    std::string missing;
    for (std::string_view const name : needed) {
        if (!given.has(name)) {
            missing += (missing.empty() ? "" : ", ") + std::string(name);
        }
    }
    if (!missing.empty()) {
        if (!given.has("client_id") && !given.has("client_secret")) {
            return std::unique_ptr<credential>(std::make_unique<fixed_credential>(header_list{}));
        }
        return failure{error_kind::authentication, "client credentials for Azure lack " + missing};
    }
    const std::string authority = or_default(given.get("azure_authority"), default_authority);
    char const* why = "not a URL";
    std::optional<wire::url> url = wire::parse_url(authority, &why);
    if (!url || !url->tls) {
        return failure{error_kind::authentication,
                       "azure_authority must be an https URL: " + std::string(url ? "it is not https" : why)};
    }
    return std::unique_ptr<credential>(std::make_unique<client_credentials>(
        std::move(*url), std::string(given.get("tenant_id")), std::string(given.get("client_id")),
        secret(std::string(given.get("client_secret"))),
        or_default(given.get("azure_scope"), default_scope)));
}

} // namespace cogate::providers::azure

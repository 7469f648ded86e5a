#include "providers/vertex/dialect.hpp"

#include "providers/common/error_classes.hpp"
#include "providers/common/small_file.hpp"
#include "providers/vertex/credentials_file.hpp"
#include "providers/vertex/signing_key.hpp"

#include "lib/core/hash.hpp"
#include "lib/core/json/document.hpp"
#include "lib/core/secret.hpp"
#include "lib/core/text.hpp"

#include <algorithm>
#include <cstdlib>

namespace cogate::providers::vertex {

namespace {

constexpr std::string_view scope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view google_tokens = "https://oauth2.googleapis.com/token";
constexpr std::string_view metadata_path = "/computeMetadata/v1/instance/service-accounts/default/token";

failure unusable(std::string why)
{
    return failure(error_kind::authentication, "Vertex AI: " + std::move(why))
        .with_code("invalid_credentials");
}

/// Where tokens are asked for: secrets go there, so over TLS, or to this machine.
std::optional<wire::url> token_url(std::string_view text)
{
    std::optional<wire::url> url = wire::parse_url(text);
    const bool local = url && (url->host == "localhost" || url->host == "127.0.0.1" || url->host == "::1");
    return url && (url->tls || local) ? url : std::nullopt;
}

void append_field(std::string& form, std::string_view name, std::string_view value)
{
    form += form.empty() ? "" : "&";
    form += name;
    form += '=';
    wire::append_percent_encoded(form, value);
}

class token_credential : public credential {
public:
    token_credential(std::string identity, std::string quota_project)
        : identity_(std::move(identity)), quota_project_(std::move(quota_project))
    {}

    kind how() const noexcept override { return kind::token; }
    std::string_view identity() const noexcept override { return identity_; }

    result<access_token> read(int status, std::string_view body) const override
    {
        json::document doc;
        json::parse_error error;
        const bool good = doc.parse(body, error);
        const json::value token = doc["access_token"];
        if (status >= 200 && status < 300 && good && token.is_string() && !token.equals("")) {
            access_token out{.value = secret(token.string())};
            out.lifetime = std::chrono::seconds(
                std::clamp<std::int64_t>(doc["expires_in"].as_int64().value_or(3600), 0, 86400));
            return out;
        }
        // Only the two texts that RFC 6749 defines: the rest of the answer may be anything.
        std::string why = doc["error"].string().substr(0, 100);
        if (const std::string more = doc["error_description"].string(); !more.empty()) {
            why += (why.empty() ? "" : ": ") + more.substr(0, 300);
        }
        const bool ours = status < 500 && status != 429 && status != 408;
        return failure(ours ? error_kind::authentication : kind_of_status(status),
                       "Google gave no access token (status " + std::to_string(status) + ")" +
                           (why.empty() ? "" : ": " + why))
            .with_code("token_refused");
    }

    header_list carry(std::string_view token) const override
    {
        header_list out{{"authorization", "Bearer " + std::string(token)}};
        if (!quota_project_.empty()) {
            out.emplace_back("x-goog-user-project", quota_project_);
        }
        return out;
    }

private:
    std::string identity_;
    std::string quota_project_; ///< users' tokens have no project of their own
};

class service_account final : public token_credential {
public:
    service_account(std::string email, std::string key_id, signing_key key, wire::url url,
                    std::string audience)
        : token_credential("google service account " + email + ' ' + key_id, {}),
          email_(std::move(email)),
          key_id_(std::move(key_id)),
          key_(std::move(key)),
          url_(std::move(url)),
          audience_(std::move(audience))
    {}

    result<token_request> ask(std::chrono::system_clock::time_point now) const override
    {
        token_claims claims{.issuer = email_, .key_id = key_id_, .audience = audience_, .scope = scope};
        claims.issued_at = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
        const std::string assertion = signed_assertion(key_, claims);
        if (assertion.empty()) {
            return unusable("the service account's key does not sign");
        }
        token_request out{.url = url_, .request = {.path = {}, .body = {}}};
        append_field(out.request.body, "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        append_field(out.request.body, "assertion", assertion);
        out.request.content_type = "application/x-www-form-urlencoded";
        return out;
    }

private:
    std::string email_;
    std::string key_id_;
    signing_key key_;
    wire::url url_;
    std::string audience_;
};

class authorized_user final : public token_credential {
public:
    authorized_user(json::value file, wire::url url)
        : token_credential(
              "google user " + std::to_string(core::hash64(file["refresh_token"].string())),
              is_plain_name(file["quota_project_id"].string()) ? file["quota_project_id"].string() : ""),
          refresh_token_(file["refresh_token"].string()),
          client_id_(file["client_id"].string()),
          client_secret_(file["client_secret"].string()),
          url_(std::move(url))
    {}

    result<token_request> ask(std::chrono::system_clock::time_point) const override
    {
        token_request out{.url = url_, .request = {.path = {}, .body = {}}};
        append_field(out.request.body, "grant_type", "refresh_token");
        append_field(out.request.body, "refresh_token", refresh_token_.reveal());
        append_field(out.request.body, "client_id", client_id_);
        append_field(out.request.body, "client_secret", client_secret_.reveal());
        out.request.content_type = "application/x-www-form-urlencoded";
        return out;
    }

private:
    secret refresh_token_;
    std::string client_id_;
    secret client_secret_;
    wire::url url_;
};

class metadata_server final : public token_credential {
public:
    explicit metadata_server(wire::url url)
        : token_credential("google metadata " + url.origin(), {}), url_(std::move(url))
    {}

    result<token_request> ask(std::chrono::system_clock::time_point) const override
    {
        token_request out{.url = url_, .request = {.path = {}, .body = {}}};
        out.request.method = "GET";
        out.request.headers.emplace_back("metadata-flavor", "Google");
        return out;
    }

private:
    wire::url url_;
};

using made = result<std::unique_ptr<credential>>;

made from_service_account(json::value file)
{
    const std::string audience =
        file["token_uri"].is_string() ? file["token_uri"].string() : std::string(google_tokens);
    std::optional<wire::url> url = token_url(audience);
    std::string pem = file["private_key"].string();
    std::optional<signing_key> key = signing_key::from_pem(pem);
    core::wipe(pem);
    if (!url) {
        return unusable("the service account's token_uri is no https URL");
    }
    if (!key) {
        return unusable("the service account's private_key is no RSA key in PEM");
    }
    if (file["client_email"].string().empty()) {
        return unusable("the service account has no client_email");
    }
    return std::unique_ptr<credential>(
        std::make_unique<service_account>(file["client_email"].string(), file["private_key_id"].string(),
                                          *std::move(key), *std::move(url), audience));
}

made from_file(std::string_view text)
{
    json::document doc;
    json::parse_error error;
    if (!doc.parse(text, error) || !doc.root().is_object()) {
        return unusable("the credentials are no JSON object");
    }
    const json::value file = doc.root();
    const std::string type = file["type"].string();
    if (type == "service_account") {
        return from_service_account(file);
    }
    if (type != "authorized_user") {
        return unusable("credentials of type '" + type.substr(0, 64) +
                        "' cannot be used; give a service_account or authorized_user file");
    }
    for (std::string_view const name : {"refresh_token", "client_id", "client_secret"}) {
        if (file[name].string().empty()) {
            return unusable("the authorized_user credentials have no " + std::string(name));
        }
    }
    std::optional<wire::url> url =
        token_url(file["token_uri"].is_string() ? file["token_uri"].string() : std::string(google_tokens));
    if (!url) {
        return unusable("the authorized_user's token_uri is no https URL");
    }
    return std::unique_ptr<credential>(std::make_unique<authorized_user>(file, *std::move(url)));
}

made from_text(std::string text)
{
    made out = from_file(text);
    core::wipe(text);
    return out;
}

std::unique_ptr<credential> from_key(secret const& key)
{
    header_list fields;
    if (std::string_view(key.reveal()).starts_with("ya29.")) {
        fields.emplace_back("authorization", "Bearer " + std::string(key.reveal()));
    } else {
        fields.emplace_back("x-goog-api-key", std::string(key.reveal()));
    }
    return std::make_unique<fixed_credential>(std::move(fields));
}

std::filesystem::path gcloud_file()
{
    constexpr std::string_view name = "application_default_credentials.json";
    if (char const* place = std::getenv("CLOUDSDK_CONFIG"); place != nullptr && *place != '\0') {
        return std::filesystem::path(place) / name;
    }
    char const* home = std::getenv("HOME");
    return home == nullptr ? std::filesystem::path()
                           : std::filesystem::path(home) / ".config" / "gcloud" / name;
}

} // namespace

result<std::unique_ptr<credential>> make_credential(secret const& key, settings const& given,
                                                    std::filesystem::path const& default_file)
{
    if (!key.empty()) {
        return from_key(key);
    }
    if (given.has("vertex_credentials")) {
        std::optional<std::string> text = credentials_text(given);
        if (!text) {
            return unusable("vertex_credentials names no readable file of at most 64 KiB");
        }
        return from_text(*std::move(text));
    }
    if (!default_file.empty()) {
        if (std::optional<std::string> text = read_small_file(default_file)) {
            return from_text(*std::move(text));
        }
    }
    if (!given.has("vertex_project")) {
        return unusable(
            "set vertex_credentials (GOOGLE_APPLICATION_CREDENTIALS), an API key, or vertex_project on a "
            "machine of Google's");
    }
    const std::string host = given.has("gce_metadata_host") ? std::string(given.get("gce_metadata_host"))
                                                            : "metadata.google.internal";
    std::optional<wire::url> url = wire::parse_url("http://" + host + std::string(metadata_path));
    if (!url) {
        return unusable("gce_metadata_host is no host");
    }
    return std::unique_ptr<credential>(std::make_unique<metadata_server>(*std::move(url)));
}

result<std::unique_ptr<credential>> make_credential(secret const& key, settings const& given)
{
    return make_credential(key, given, gcloud_file());
}

} // namespace cogate::providers::vertex

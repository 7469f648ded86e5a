#include "providers/bedrock/dialect.hpp"

#include "providers/bedrock/profile.hpp"

#include "lib/wire/header.hpp"
#include "lib/wire/sigv4.hpp"

#include <algorithm>
#include <vector>

namespace cogate::providers::bedrock {

namespace {

constexpr std::size_t longest_region = 64;

bool is_region(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= longest_region && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

class signing_credential final : public credential {
public:
    signing_credential(settings const& given, std::string_view service)
        : key_id_(given.get("aws_access_key_id")),
          key_(std::string(given.get("aws_secret_access_key"))),
          token_(std::string(given.get("aws_session_token"))),
          region_(given.get("aws_region_name")),
          service_(service)
    {}

    kind how() const noexcept override { return kind::signature; }

    result<header_list> sign(signable const& what, std::chrono::system_clock::time_point now) const override
    {
        const std::string date = wire::amz_date(now);
        const std::string hash = wire::sha256_hex(what.body);
        std::vector<wire::header> covered = {{"x-amz-content-sha256", hash}, {"x-amz-date", date}};
        if (!token_.empty()) {
            covered.push_back({"x-amz-security-token", token_.reveal()});
        }
        const std::size_t added = covered.size();
        // These are in the request already.
        covered.push_back({"host", what.host});
        if (!what.content_type.empty()) {
            covered.push_back({"content-type", what.content_type});
        }
        const std::size_t mark = std::min(what.target.find('?'), what.target.size());
        const wire::sigv4_request request{.method = what.method,
                                          .path = what.target.substr(0, mark),
                                          .query = what.target.substr(std::min(mark + 1, what.target.size())),
                                          .headers = covered,
                                          .payload_hash = hash};
        std::string value = wire::sigv4_authorization(key_id_, key_, date, {region_, service_}, request);
        if (value.empty()) {
            return failure(error_kind::internal_server, "the request could not be signed")
                .with_code("signing_failed");
        }
        header_list out;
        out.emplace_back("authorization", std::move(value));
        for (std::size_t i = 0; i != added; ++i) {
            out.emplace_back(std::string(covered[i].name), std::string(covered[i].value));
        }
        return out;
    }

private:
    std::string key_id_;
    secret key_;
    secret token_;
    std::string region_;
    std::string service_;
};

failure incomplete(std::string what)
{
    return failure(error_kind::authentication, std::move(what)).with_code("missing_credentials");
}

std::string endpoint(settings const& given, std::string_view replaced_by, std::string_view host,
                     std::string_view end)
{
    std::string_view given_url = given.get(replaced_by);
    while (given_url.ends_with('/')) {
        given_url.remove_suffix(1);
    }
    if (!given_url.empty()) {
        return std::string(given_url);
    }
    const std::string_view region = given.get("aws_region_name");
    if (!is_region(region)) {
        return {};
    }
    std::string out = "https://";
    out += host;
    out += '.';
    out += region;
    out += end;
    return out;
}

/// AWS in China is a partition of its own.
std::string_view domain_of(settings const& given) noexcept
{
    return given.get("aws_region_name").starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
}

} // namespace

result<std::unique_ptr<credential>> aws_credential(settings const& said, secret const& key,
                                                   std::string_view service)
{
    const std::string_view bearer = key.empty() ? said.get("aws_bearer_token") : key.reveal();
    if (!bearer.empty()) {
        if (!wire::valid_field_value(bearer)) {
            return incomplete("the bearer token for Bedrock holds a control character");
        }
        header_list fields;
        fields.emplace_back("authorization", "Bearer " + std::string(bearer));
        return std::unique_ptr<credential>(std::make_unique<fixed_credential>(std::move(fields)));
    }
    const result<settings> completed = with_profile(said);
    if (!completed) {
        return completed.error();
    }
    settings const& given = *completed;
    struct needed {
        std::string_view setting;
        std::string_view variable;
    };
    for (needed const& n : {needed{"aws_access_key_id", "AWS_ACCESS_KEY_ID"},
                            needed{"aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"},
                            needed{"aws_region_name", "AWS_REGION_NAME or AWS_REGION"}}) {
        if (!given.has(n.setting)) {
            return incomplete("Bedrock needs " + std::string(n.setting) + " (environment " +
                              std::string(n.variable) +
                              "), or a bearer token as api_key (AWS_BEARER_TOKEN_BEDROCK)");
        }
    }
    if (!is_region(given.get("aws_region_name"))) {
        return incomplete("aws_region_name is not the name of a region, such as us-east-1");
    }
    const bool clean = wire::valid_target(given.get("aws_access_key_id")) &&
                       wire::valid_field_value(given.get("aws_session_token"));
    if (!clean) {
        return incomplete("aws_access_key_id or aws_session_token holds characters that no AWS key has");
    }
    return std::unique_ptr<credential>(std::make_unique<signing_credential>(given, service));
}

std::string runtime_base_url(settings const& given)
{
    return endpoint(given, "aws_bedrock_runtime_endpoint", "bedrock-runtime", domain_of(given));
}

std::string agent_base_url(settings const& given)
{
    return endpoint(given, "aws_bedrock_agent_runtime_endpoint", "bedrock-agent-runtime", domain_of(given));
}

std::string mantle_base_url(settings const& given)
{
    return endpoint(given, "aws_bedrock_mantle_endpoint", "bedrock-mantle", ".api.aws/v1");
}

} // namespace cogate::providers::bedrock

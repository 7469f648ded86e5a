#include "providers/azure/codec.hpp"

#include "providers/common/decode_error.hpp"

#include <array>

namespace cogate::providers::azure {

failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now)
{
    static constexpr std::array rules = {
        error_rule{"DeploymentNotFound", error_kind::not_found},
        error_rule{"ModelNotFound", error_kind::not_found},
        error_rule{"unknown_model", error_kind::not_found},
        error_rule{"ResourceNotFound", error_kind::not_found},
        error_rule{"RateLimitReached", error_kind::rate_limit},
        error_rule{"NoCapacity", error_kind::service_unavailable},
        error_rule{"ResponsibleAIPolicyViolation", error_kind::content_policy_violation},
        error_rule{"content_filter", error_kind::content_policy_violation},
        error_rule{"PermissionDenied", error_kind::permission_denied},
        error_rule{"Unauthorized", error_kind::authentication},
        error_rule{"InvalidAuthenticationToken", error_kind::authentication},
        error_rule{"OperationNotSupported", error_kind::invalid_request},
    };
    return providers::decode_error(status, headers, body, now, rules);
}

} // namespace cogate::providers::azure

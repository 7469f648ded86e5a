#include "lib/config/keys.hpp"

#include <algorithm>

namespace cogate::config {

namespace {

constexpr std::string_view top_names[] = {
    "assistant_settings",   "callback_settings", "credential_list", "files_settings",
    "finetune_settings",    "guardrails",        "include",         "mcp_aliases",
    "mcp_servers",          "policies",          "prompts",         "search_tools",
    "vector_store_registry"};

constexpr std::string_view params_names[] = {"aws_*",
                                             "azure_*",
                                             "cache_control_injection_points",
                                             "configurable_clientside_auth_params",
                                             "default_api_key_rpm_limit",
                                             "default_api_key_tpm_limit",
                                             "extra_body",
                                             "frequency_penalty",
                                             "itpm",
                                             "keepalive_seconds",
                                             "litellm_credential_name",
                                             "max_completion_tokens",
                                             "max_retries",
                                             "max_tokens",
                                             "merge_reasoning_content_in_choices",
                                             "metadata",
                                             "mock_response",
                                             "num_retries",
                                             "otpm",
                                             "presence_penalty",
                                             "reasoning_effort",
                                             "region_name",
                                             "response_format",
                                             "rust",
                                             "search_context_cost_per_query",
                                             "seed",
                                             "silent_model",
                                             "stop",
                                             "supports_*",
                                             "tag_regex",
                                             "temperature",
                                             "thinking",
                                             "tiered_pricing",
                                             "top_k",
                                             "top_p",
                                             "use_chat_completions_api",
                                             "use_in_pass_through",
                                             "user",
                                             "vertex_*"};

constexpr std::string_view info_names[] = {"health_check_model", "health_check_timeout", "team_id",
                                           "team_public_model_name"};

constexpr std::string_view litellm_names[] = {"REPEATED_STREAMING_CHUNK_LIMIT",
                                              "cache",
                                              "cache_params",
                                              "callbacks",
                                              "cost_discount_config",
                                              "cost_margin_config",
                                              "custom_prometheus_metadata_labels",
                                              "default_team_params",
                                              "default_team_settings",
                                              "disable_end_user_cost_tracking",
                                              "disable_end_user_cost_tracking_prometheus_only",
                                              "enable_json_schema_validation",
                                              "enable_key_alias_format_validation",
                                              "enable_redis_auth_cache",
                                              "failure_callback",
                                              "force_ipv4",
                                              "json_logs",
                                              "key_generation_settings",
                                              "modify_params",
                                              "priority_reservation",
                                              "priority_reservation_settings",
                                              "prometheus_*",
                                              "public_model_groups",
                                              "redact_user_api_key_info",
                                              "service_callbacks",
                                              "set_verbose",
                                              "skip_system_message_in_guardrail",
                                              "skip_tool_message_in_guardrail",
                                              "sse_keepalive_ping_interval_seconds",
                                              "success_callback",
                                              "turn_off_message_logging",
                                              "use_chat_completions_url_for_anthropic_messages"};

constexpr std::string_view general_names[] = {"admin_only_routes",
                                              "alert_to_webhook_url",
                                              "alert_types",
                                              "alerting",
                                              "alerting_args",
                                              "alerting_threshold",
                                              "allow_client_side_credentials",
                                              "allow_requests_on_db_unavailable",
                                              "allowed_ips",
                                              "allowed_routes",
                                              "block_robots",
                                              "completion_model",
                                              "custom_auth",
                                              "custom_key_generate",
                                              "custom_sso",
                                              "database_*",
                                              "default_team_disabled",
                                              "disable_budget_reservation",
                                              "disable_error_logs",
                                              "disable_reset_budget",
                                              "disable_spend_logs",
                                              "disable_spend_updates",
                                              "embedding_model",
                                              "enable_jwt_auth",
                                              "enable_oauth2_auth",
                                              "enable_oauth2_proxy_auth",
                                              "enforce_user_param",
                                              "enforced_params",
                                              "fail_closed_budget_enforcement",
                                              "forward_client_headers_to_llm_api",
                                              "forward_openai_org_id",
                                              "global_max_parallel_requests",
                                              "health_check_*",
                                              "image_generation_model",
                                              "infer_model_from_keys",
                                              "key_management_settings",
                                              "key_management_system",
                                              "litellm_jwtauth",
                                              "litellm_key_header_name",
                                              "litellm_license",
                                              "max_parallel_requests",
                                              "max_response_size_mb",
                                              "maximum_spend_logs_*",
                                              "mcp_internal_ip_ranges",
                                              "mcp_trusted_proxy_ranges",
                                              "moderation_model",
                                              "pass_through_endpoints",
                                              "proxy_batch_write_at",
                                              "proxy_budget_rescheduler_max_time",
                                              "proxy_budget_rescheduler_min_time",
                                              "proxy_config_reload_interval_seconds",
                                              "public_routes",
                                              "reject_clientside_metadata_tags",
                                              "scheduled_job_stagger",
                                              "service_account_settings",
                                              "spend_report_frequency",
                                              "store_model_in_db",
                                              "store_prompts_in_spend_logs",
                                              "supported_db_objects",
                                              "token_rate_limit_type",
                                              "ui_access_mode",
                                              "use_azure_key_vault",
                                              "use_client_credentials_pass_through_routes",
                                              "use_google_kms",
                                              "use_redis_transaction_buffer",
                                              "use_shared_health_check",
                                              "use_spend_logs_partitioning",
                                              "use_x_forwarded_for",
                                              "user_api_key_cache_ttl",
                                              "user_header_mappings",
                                              "user_mcp_management_mode"};

constexpr std::string_view router_names[] = {"alerting_config",    "cache_kwargs",
                                             "cache_responses",    "caching_groups",
                                             "client_ttl",         "default_litellm_params",
                                             "default_priority",   "guardrail_list",
                                             "model_list",         "optional_pre_call_checks",
                                             "polling_interval",   "redis_*",
                                             "routing_groups",     "search_tools",
                                             "tag_routing_prefix", "weights"};

// A fallback may carry any field of a request.
constexpr std::string_view fallback_names[] = {"*"};

constexpr std::string_view strategy_names[] = {"max_latency_list_size"};

constexpr std::string_view key_default_names[] = {"aliases", "key_alias", "metadata", "permissions",
                                                  "team_id"};

constexpr std::string_view user_default_names[] = {"teams"};

bool matches(std::string_view pattern, std::string_view word) noexcept
{
    if (pattern.ends_with('*')) {
        return word.starts_with(pattern.substr(0, pattern.size() - 1));
    }
    return pattern == word;
}

} // namespace

std::span<std::string_view const> litellm_keys(section where) noexcept
{
    switch (where) {
    case section::top: return top_names;
    case section::litellm_params: return params_names;
    case section::model_info: return info_names;
    case section::litellm_settings: return litellm_names;
    case section::general_settings: return general_names;
    case section::router_settings: return router_names;
    case section::strategy_args: return strategy_names;
    case section::fallback: return fallback_names;
    case section::key_defaults: return key_default_names;
    case section::user_defaults: return user_default_names;
    case section::model:
    case section::retry_policy:
    case section::allowed_fails_policy:
    case section::alias:
    case section::hedge:
    case section::retry_budget:
    case section::admission:
    case section::cogate:
    case section::deadlines:
    case section::limits:
    case section::ledger:
    case section::accounts:
    case section::provider_budget:
    case section::key_bounds: break;
    }
    return {};
}

bool is_litellm_key(section where, std::string_view word) noexcept
{
    auto const names = litellm_keys(where);
    return std::any_of(names.begin(), names.end(), [&](std::string_view p) { return matches(p, word); });
}

} // namespace cogate::config

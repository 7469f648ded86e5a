#include "lib/config/keys.hpp"

#include <algorithm>
#include <array>

namespace cogate::config {

namespace {

using name = std::string_view;

constexpr std::array top_names{
    name{"assistant_settings"}, name{"callback_settings"}, name{"credential_list"}, name{"files_settings"},
    name{"finetune_settings"}, name{"guardrails"}, name{"include"}, name{"mcp_aliases"}, name{"mcp_servers"},
    name{"policies"}, name{"prompts"}, name{"search_tools"}, name{"vector_store_registry"}};

constexpr std::array params_names{
    name{"additional_drop_params"}, name{"allowed_openai_params"}, name{"api_version"}, name{"aws_*"},
    name{"azure_*"}, name{"budget_duration"}, name{"cache_control_injection_points"}, name{"cache_creation_*"},
    name{"cache_read_*"}, name{"client_id"}, name{"client_secret"}, name{"configurable_clientside_auth_params"},
    name{"cooldown_time"}, name{"default_api_key_rpm_limit"}, name{"default_api_key_tpm_limit"},
    name{"drop_params"}, name{"extra_body"}, name{"frequency_penalty"}, name{"input_cost_per_*"}, name{"itpm"},
    name{"keepalive_seconds"}, name{"litellm_credential_name"}, name{"max_budget"}, name{"max_completion_tokens"},
    name{"max_parallel_requests"}, name{"max_retries"}, name{"max_tokens"},
    name{"merge_reasoning_content_in_choices"}, name{"metadata"}, name{"mock_response"}, name{"num_retries"},
    name{"order"}, name{"otpm"}, name{"output_cost_per_*"}, name{"presence_penalty"}, name{"reasoning_effort"},
    name{"region_name"}, name{"response_format"}, name{"rpm"}, name{"rust"}, name{"seed"}, name{"silent_model"},
    name{"stop"}, name{"supports_*"}, name{"tag_regex"}, name{"tags"}, name{"temperature"}, name{"tenant_id"},
    name{"thinking"}, name{"top_k"}, name{"top_p"}, name{"tpm"}, name{"use_chat_completions_api"},
    name{"use_in_pass_through"}, name{"user"}, name{"vertex_*"}, name{"weight"}};

constexpr std::array info_names{
    name{"access_groups"}, name{"base_model"}, name{"blocked"}, name{"health_check_model"},
    name{"health_check_timeout"}, name{"team_id"}, name{"team_public_model_name"}};

constexpr std::array litellm_names{
    name{"REPEATED_STREAMING_CHUNK_LIMIT"}, name{"allowed_fails"}, name{"budget_duration"}, name{"cache"},
    name{"cache_params"}, name{"callbacks"}, name{"content_policy_fallbacks"}, name{"context_window_fallbacks"},
    name{"cooldown_time"}, name{"cost_discount_config"}, name{"cost_margin_config"},
    name{"custom_prometheus_metadata_labels"}, name{"default_fallbacks"}, name{"default_internal_user_params"},
    name{"default_key_generate_params"}, name{"default_team_params"}, name{"default_team_settings"},
    name{"disable_end_user_cost_tracking"}, name{"disable_end_user_cost_tracking_prometheus_only"},
    name{"drop_params"}, name{"enable_json_schema_validation"}, name{"enable_key_alias_format_validation"},
    name{"enable_redis_auth_cache"}, name{"failure_callback"}, name{"fallbacks"}, name{"force_ipv4"},
    name{"include_cost_in_streaming_usage"}, name{"internal_user_budget_duration"}, name{"json_logs"},
    name{"key_generation_settings"}, name{"max_budget"}, name{"max_end_user_budget"},
    name{"max_end_user_budget_id"}, name{"max_internal_user_budget"}, name{"modify_params"}, name{"num_retries"},
    name{"priority_reservation"}, name{"priority_reservation_settings"}, name{"prometheus_*"},
    name{"public_model_groups"}, name{"redact_user_api_key_info"}, name{"service_callbacks"}, name{"set_verbose"},
    name{"skip_system_message_in_guardrail"}, name{"skip_tool_message_in_guardrail"},
    name{"sse_keepalive_ping_interval_seconds"}, name{"success_callback"}, name{"turn_off_message_logging"},
    name{"upperbound_key_generate_params"}, name{"use_chat_completions_url_for_anthropic_messages"}};

constexpr std::array general_names{
    name{"admin_only_routes"}, name{"alert_to_webhook_url"}, name{"alert_types"}, name{"alerting"},
    name{"alerting_args"}, name{"alerting_threshold"}, name{"allow_client_side_credentials"},
    name{"allow_requests_on_db_unavailable"}, name{"allowed_ips"}, name{"allowed_routes"},
    name{"background_health_checks"}, name{"block_robots"}, name{"completion_model"}, name{"custom_auth"},
    name{"custom_key_generate"}, name{"custom_sso"}, name{"database_url"}, name{"database_*"}, name{"default_team_disabled"},
    name{"disable_budget_reservation"}, name{"disable_error_logs"}, name{"disable_reset_budget"},
    name{"disable_spend_logs"}, name{"disable_spend_updates"}, name{"embedding_model"}, name{"enable_jwt_auth"},
    name{"enable_oauth2_auth"}, name{"enable_oauth2_proxy_auth"}, name{"enforce_user_param"},
    name{"enforced_params"}, name{"fail_closed_budget_enforcement"}, name{"forward_client_headers_to_llm_api"},
    name{"forward_openai_org_id"}, name{"global_max_parallel_requests"}, name{"health_check_*"},
    name{"image_generation_model"}, name{"infer_model_from_keys"}, name{"key_management_settings"},
    name{"key_management_system"}, name{"litellm_jwtauth"}, name{"litellm_key_header_name"},
    name{"litellm_license"}, name{"max_parallel_requests"}, name{"max_response_size_mb"},
    name{"maximum_spend_logs_*"}, name{"mcp_internal_ip_ranges"}, name{"mcp_trusted_proxy_ranges"},
    name{"moderation_model"}, name{"pass_through_endpoints"}, name{"proxy_batch_write_at"},
    name{"proxy_budget_rescheduler_max_time"}, name{"proxy_budget_rescheduler_min_time"},
    name{"proxy_config_reload_interval_seconds"}, name{"public_routes"}, name{"reject_clientside_metadata_tags"},
    name{"scheduled_job_stagger"}, name{"service_account_settings"}, name{"spend_report_frequency"},
    name{"store_model_in_db"}, name{"store_prompts_in_spend_logs"}, name{"supported_db_objects"},
    name{"token_rate_limit_type"}, name{"ui_access_mode"}, name{"use_azure_key_vault"},
    name{"use_client_credentials_pass_through_routes"}, name{"use_google_kms"},
    name{"use_redis_transaction_buffer"}, name{"use_shared_health_check"}, name{"use_spend_logs_partitioning"},
    name{"use_x_forwarded_for"}, name{"user_api_key_cache_ttl"}, name{"user_header_mappings"},
    name{"user_mcp_management_mode"}};

constexpr std::array router_names{
    name{"alerting_config"}, name{"allowed_fails"}, name{"allowed_fails_policy"}, name{"cache_kwargs"},
    name{"cache_responses"}, name{"caching_groups"}, name{"client_ttl"}, name{"content_policy_fallbacks"},
    name{"context_window_fallbacks"}, name{"cooldown_time"}, name{"default_fallbacks"},
    name{"default_litellm_params"}, name{"default_max_parallel_requests"}, name{"default_priority"},
    name{"disable_cooldowns"}, name{"enable_pre_call_checks"}, name{"enable_tag_filtering"}, name{"fallbacks"},
    name{"guardrail_list"}, name{"max_fallbacks"}, name{"model_group_alias"}, name{"model_group_retry_policy"},
    name{"model_list"}, name{"num_retries"}, name{"optional_pre_call_checks"}, name{"polling_interval"},
    name{"provider_budget_config"}, name{"redis_*"}, name{"retry_after"}, name{"retry_policy"},
    name{"routing_groups"}, name{"routing_strategy"}, name{"routing_strategy_args"}, name{"search_tools"},
    name{"tag_filtering_match_any"}, name{"tag_routing_prefix"}, name{"weights"}};

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
    case section::model:
    case section::cogate:
    case section::deadlines:
    case section::limits: break;
    }
    return {};
}

bool is_litellm_key(section where, std::string_view word) noexcept
{
    auto const names = litellm_keys(where);
    return std::any_of(names.begin(), names.end(), [&](std::string_view p) { return matches(p, word); });
}

} // namespace cogate::config

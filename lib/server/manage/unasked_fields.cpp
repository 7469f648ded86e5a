#include "lib/server/manage/fields.hpp"

#include "lib/core/json/writer.hpp"
#include "lib/core/text.hpp"
#include "lib/core/words.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

// Parameters of LiteLLM's management endpoints and members of its records, in no special order.
constexpr std::string_view known_words =
    "key key_alias keys key_aliases key_name key_type new_key new_master_key grace_period duration "
    "expires token token_id user_id user_ids user_email user_alias user_role team_id team_ids "
    "team_alias teams organization_id organization_ids organization_alias organizations org_id "
    "project_id agent_id send_invite_email auto_create_key sso_user_id password models aliases "
    "model_aliases config access_group_ids router_settings spend max_budget soft_budget "
    "budget_duration budget_id budget_reset_at budget_limits budgets model_max_budget "
    "temp_budget_increase temp_budget_expiry max_parallel_requests tpm_limit rpm_limit tpm_limit_type "
    "rpm_limit_type model_tpm_limit model_rpm_limit metadata tags permissions allowed_routes "
    "allowed_passthrough_routes allowed_cache_controls allowed_vector_store_indexes "
    "allowed_model_region allowed_region enforced_params object_permission object_permission_id "
    "guardrails policies prompts auto_rotate rotation_interval blocked members_with_roles members "
    "admins member role user team_member_budget team_member_budget_duration team_member_budget_id "
    "team_member_rpm_limit team_member_tpm_limit team_member_key_duration team_member_permissions "
    "max_budget_in_team max_budget_in_organization default_model alias name names description "
    "model_info id created_at created_by updated_at updated_by litellm_budget_table "
    "litellm_model_table model_spend model_id soft_budget_cooldown reset_to secret_manager_settings "
    "disable_global_guardrails logging callback_settings litellm_params team_spend team_models "
    "last_active rotation_count last_rotation_at key_rotation_at invitation_id max_iterations "
    "max_budget_per_session mcp_servers mcp_access_groups vector_stores default_team_id "
    "default_organization_id litellm_organization_table spend_reset_at spend_reset_to prompt_ids "
    "search_tools allowed_models all_models force litellm_changed_by include_team_keys page size "
    "page_size sort_by sort_order search status include_created_by_keys return_full_object end_user_id "
    "tag key_hash team organization max_tokens end_user temperature timeout api_key request_id "
    "start_date end_date default_budget_id provider session_tpm_limit session_rpm_limit";

constexpr std::string_view never_kept =
    "token token_id key_name key expires created_at created_by updated_at updated_by password spend "
    "budget_reset_at model_spend litellm_budget_table spend_reset_at spend_reset_to team_spend "
    "litellm_changed_by send_invite_email object_permission_id last_active api_key";

constexpr std::size_t most_unasked = 200;

} // namespace

std::span<std::string_view const> litellm_fields() noexcept
{
    static std::vector<std::string_view> const all = core::words(known_words);
    return all;
}

bool is_never_kept(std::string_view field) noexcept
{
    return core::has_word(never_kept, field);
}

std::vector<json::member> fields::unasked()
{
    std::vector<json::member> out;
    std::size_t unasked_for = 0;
    for (json::member const one : object_.members()) {
        if (std::find(asked_.begin(), asked_.end(), one.key) != asked_.end()) {
            continue;
        }
        if (++unasked_for > most_unasked) { // each is compared with every name that is known
            blame(one.key, "is one too many: at most " + std::to_string(most_unasked) + " other fields.");
            return {};
        }
        if (!core::has_word(known_words, one.key)) {
            std::optional<std::string_view> near = core::nearest(one.key, asked_);
            near = near ? near : core::nearest(one.key, litellm_fields());
            if (near) {
                blame(one.key, "is not a known field; did you mean '" + std::string(*near) + "'?");
                return {};
            }
            if (one.key.empty() || one.key.size() > 100) {
                blame(one.key, "is not a field.");
                return {};
            }
        }
        if (!is_never_kept(one.key)) {
            out.push_back(one);
        }
    }
    return out;
}

void fields::keep_rest(std::string& kept)
{
    std::vector<json::member> const added = unasked();
    if (added.empty() || fault_) {
        return;
    }
    auto const is_added = [&](std::string_view key) {
        return std::any_of(added.begin(), added.end(),
                           [&](json::member const& one) { return one.key == key; });
    };
    json::document before;
    json::parse_error error;
    before.parse(kept, error);
    std::string out;
    json::writer to(out);
    to.begin_object();
    for (json::member const one : before.root().members()) {
        if (!is_added(one.key)) {
            to.raw_member(one.key, one.val.raw());
        }
    }
    for (json::member const& one : added) {
        if (!one.val.is_null()) {
            to.raw_member(one.key, one.val.raw());
        }
    }
    to.end_object();
    if (out.size() > largest_json) {
        blame(added.back().key,
              "makes the fields that are only kept longer than " + std::to_string(largest_json) + " bytes.");
        return;
    }
    kept = std::move(out);
}

void fields::ignore_rest()
{
    static_cast<void>(unasked());
}

} // namespace cogate::server::manage

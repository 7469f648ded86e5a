#pragma once

#include "lib/server/manage/handler.hpp"

/// The handlers behind /spend/* and /global/*, in LiteLLM's shapes. A caller who may not see everything gets
/// what is theirs. Failures: those of spend_query.hpp and of the ledger's reports.
namespace cogate::server::manage {

result<std::string> spend_logs(managed const& what);       ///< GET /spend/logs: rows, or sums by day
result<std::string> spend_logs_paged(managed const& what); ///< GET /spend/logs/v2, /spend/logs/ui
result<std::string> spend_keys(managed const& what);  ///< GET /spend/keys: every key with all it has spent
result<std::string> spend_users(managed const& what); ///< GET /spend/users
result<std::string> spend_tags(managed const& what);  ///< GET /spend/tags

result<std::string> global_spend(managed const& what);      ///< GET /global/spend: all, and the global budget
result<std::string> global_spend_logs(managed const& what); ///< GET /global/spend/logs: by day
result<std::string> global_spend_keys(managed const& what); ///< GET /global/spend/keys: who spent most
result<std::string> global_spend_teams(managed const& what);     ///< GET /global/spend/teams: by day and team
result<std::string> global_spend_end_users(managed const& what); ///< GET and POST /global/spend/end_users
result<std::string> global_spend_models(managed const& what);    ///< GET /global/spend/models
result<std::string> global_spend_provider(managed const& what);  ///< GET /global/spend/provider
result<std::string> global_spend_tags(managed const& what);      ///< GET /global/spend/tags
result<std::string> all_tag_names(managed const& what);          ///< GET /global/spend/all_tag_names
result<std::string> global_spend_report(managed const& what);    ///< GET /global/spend/report

} // namespace cogate::server::manage

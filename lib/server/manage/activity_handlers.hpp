#pragma once

#include "lib/server/manage/handler.hpp"

/// What was done by day, in LiteLLM's shapes. One page of a daily activity is `page_size` whole days
/// (LiteLLM: rows), newest first, and its totals are the page's. `successful_requests` are attempts that cost
/// something or could have, `failed_requests` those that ended without cost. Where retention took rows of the
/// page, `metadata.rows_from` says from when on the breakdown is known. Failures: those of spend_query.hpp
/// and of the ledger's reports.
namespace cogate::server::manage {

result<std::string> user_daily_activity(managed const& what); ///< GET /user/daily/activity
result<std::string>
user_aggregated_activity(managed const& what); ///< GET /user/daily/activity/aggregated: one page
result<std::string> team_daily_activity(managed const& what);      ///< GET /team/daily/activity
result<std::string> tag_daily_activity(managed const& what);       ///< GET /tag/daily/activity
result<std::string> global_activity(managed const& what);          ///< GET /global/activity
result<std::string> global_activity_by_model(managed const& what); ///< GET /global/activity/model
/// GET /global/activity/cache_hits: by kind of call. `key_aliases` and `models` may stand there more than once.
result<std::string> global_cache_activity(managed const& what);

} // namespace cogate::server::manage

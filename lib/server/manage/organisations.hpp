#pragma once

#include "lib/server/manage/handler.hpp"

#include <cogate/result.hpp>

#include <string>

/// The handlers of /organization/*.
namespace cogate::server::manage {

result<std::string> new_organisation(managed const& at);
result<std::string> update_organisation(managed const& at);
/// Organisations with their teams, and the keys of both.
result<std::string> delete_organisations(managed const& at);
result<std::string> organisation_info(managed const& at);
result<std::string> list_organisations(managed const& at);
result<std::string> add_organisation_members(managed const& at);
result<std::string> update_organisation_member(managed const& at);
result<std::string> delete_organisation_member(managed const& at);

} // namespace cogate::server::manage

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cogate::ledger::sqlite {

/// Tags as the column `tags` keeps them: a JSON array.
std::string tags_text(std::vector<std::string> const& tags);

/// The tags of such a text; none of any other.
std::vector<std::string> tags_of(std::string_view text);

} // namespace cogate::ledger::sqlite

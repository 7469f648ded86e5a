#pragma once

#include "lib/ledger/report.hpp"

#include <cogate/result.hpp>

#include <string>
#include <vector>

namespace cogate::ledger {

struct call_type_sum {
    std::string call_type; ///< LiteLLM's word; empty where none was said
    counts of;

    friend bool operator==(call_type_sum const&, call_type_sum const&) = default;
};

/// Sums by what kind of call it was, ordered by its word. From rows, so of the hours that retention has left. Failures as
/// report.hpp's.
result<std::vector<call_type_sum>> sums_by_call_type(std::string const& path, row_filter const& filter,
                                                     report_limits const& limits = {});

} // namespace cogate::ledger

#pragma once

#include "lib/ledger/entry.hpp"

#include <cogate/result.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cogate::ledger {

enum class export_format : std::uint8_t { csv, jsonl };

/// Rows to export: those that started in [from, to), in that order, only of `key` when it is not empty.
struct export_range {
    moment from = moment::min();
    moment to = moment::max();
    std::string key;
};

/// Takes pieces of whole lines, each at most some 64 KiB; false ends the export.
using export_sink = std::function<bool(std::string_view)>;

/// Writes rows to a sink and returns how many it took.
///
/// Amounts are dollars as exact decimal text, times RFC 3339 in UTC with microseconds, `state` one of
/// "open", "settled", "void". CSV as RFC 4180 with a header line; a text that a spreadsheet would take for a
/// formula gets an apostrophe in front. JSONL: one object per line, amounts as strings. May run beside a gateway
/// and reads one state of the file; memory does not grow with the rows. Failures: `service_unavailable`. Blocks.
result<std::uint64_t> export_rows(std::string const& path, export_format format, export_range const& range,
                                  export_sink const& sink);

/// "2026-04-15T10:20:30.000000Z"; empty for the epoch, which stands for "never".
std::string rfc3339(moment when);

} // namespace cogate::ledger

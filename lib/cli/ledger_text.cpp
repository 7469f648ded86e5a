#include "lib/cli/ledger_text.hpp"

#include "lib/cli/chat_text.hpp"
#include "lib/core/json/writer.hpp"
#include "lib/ledger/export.hpp"

#include <cogate/money.hpp>

#include <string_view>

namespace cogate::cli {

namespace {

using difference = ledger::verification::difference;

std::string dollars(ledger::nanos amount)
{
    return to_string(money::from_nanos(amount));
}

std::string hour_text(std::int64_t hour)
{
    // Of "2026-04-15T10:20:30.000000Z", for hour 0 too, which rfc3339() leaves empty.
    std::string const text = ledger::rfc3339(ledger::start_of_hour(hour));
    return text.empty() ? "1970-01-01T00Z" : text.substr(0, 13) + 'Z';
}

/// An id of two parts has a separator that nobody can see.
std::string id_text(std::string_view id)
{
    std::string out;
    for (char const c : id) {
        out += c == '\x1f' ? " / " : std::string(1, c);
    }
    return terminal_text(out);
}

std::string counted(std::uint64_t n, std::string_view what)
{
    return std::to_string(n).append(1, ' ').append(what).append(n == 1 ? "" : "s");
}

std::string counts_text(ledger::counts const& of)
{
    return '$' + dollars(of.spent) + ", " + std::to_string(of.calls) + " calls, " +
           std::to_string(of.failed) + " failed, " + std::to_string(of.prompt_tokens) + " + " +
           std::to_string(of.completion_tokens) + " tokens";
}

void write(json::writer& out, std::string_view name, ledger::counts const& of)
{
    out.key(name).begin_object().member("spent", dollars(of.spent)).member("calls", of.calls);
    out.member("failed", of.failed).member("prompt_tokens", of.prompt_tokens);
    out.member("completion_tokens", of.completion_tokens).end_object();
}

} // namespace

std::string to_text(ledger::verification const& found)
{
    std::string out = counted(found.rows, "row") + " (" + std::to_string(found.open_rows) + " open), $" +
                      dollars(found.spent) + " spent, " + counted(found.counters, "counter") + " compared\n";
    if (found.integrity != "ok") {
        out += "the file is damaged: " + terminal_text(found.integrity) + '\n';
    }
    for (difference const& each : found.first_differences) {
        out.append("wrong counter: ").append(ledger::to_string(each.where.kind));
        out += each.where.id.empty() ? "" : ' ' + id_text(each.where.id);
        out += ", hour " + hour_text(each.hour) + ":\n  counted " + counts_text(each.counted) +
               "\n  rows    " + counts_text(each.summed) + '\n';
    }
    if (found.differences > found.first_differences.size()) {
        out +=
            "and " + counted(found.differences - found.first_differences.size(), "more wrong counter") + '\n';
    }
    return out + (found.is_right() ? "right: every counter is the sum of its rows\n" : "WRONG\n");
}

std::string to_json(ledger::verification const& found)
{
    std::string text;
    json::writer out(text);
    out.begin_object().member("right", found.is_right()).member("integrity", found.integrity);
    out.member("rows", found.rows).member("open_rows", found.open_rows).member("spent", dollars(found.spent));
    out.member("counters", found.counters).member("differences", found.differences);
    out.key("first_differences").begin_array();
    for (difference const& each : found.first_differences) {
        out.begin_object().member("kind", ledger::to_string(each.where.kind)).member("id", each.where.id);
        out.member("hour", hour_text(each.hour));
        write(out, "counted", each.counted);
        write(out, "summed", each.summed);
        out.end_object();
    }
    out.end_array().end_object();
    return text + '\n';
}

} // namespace cogate::cli

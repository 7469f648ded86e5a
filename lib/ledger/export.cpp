#include "lib/ledger/export.hpp"

#include "lib/core/json.hpp"
#include "lib/ledger/sqlite/reader.hpp"
#include "lib/ledger/sqlite/tables.hpp"
#include "lib/ledger/sqlite/tags_text.hpp"

#include <cogate/money.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

namespace cogate::ledger {

namespace {

constexpr std::size_t piece = 32 << 10;

struct column {
    std::string_view name;
    bool is_number;
};

constexpr std::array columns{
    column{"request_id", false},
    column{"attempt", true},
    column{"state", false},
    column{"call_type", false},
    column{"status", true},
    column{"key", false},
    column{"user", false},
    column{"team", false},
    column{"organisation", false},
    column{"end_user", false},
    column{"model", false},
    column{"upstream_model", false},
    column{"provider", false},
    column{"deployment", false},
    column{"tags", false},
    column{"reserved", false},
    column{"spent", false},
    column{"prompt_tokens", true},
    column{"completion_tokens", true},
    column{"cached_tokens", true},
    column{"cache_write_tokens", true},
    column{"reasoning_tokens", true},
    column{"flags", false},
    column{"started", false},
    column{"ended", false},
    column{"first_token", false},
};

using row_texts = std::array<std::string, columns.size()>;

std::string joined(std::vector<std::string_view> const& words)
{
    std::string out;
    for (std::string_view const word : words) {
        out += out.empty() ? "" : " ";
        out += word;
    }
    return out;
}

std::string flags_text(std::uint32_t flags)
{
    constexpr std::array<std::pair<std::uint32_t, std::string_view>, 7> names{{{flag::estimated, "estimated"},
                                                                               {flag::cancelled, "cancelled"},
                                                                               {flag::recovered, "recovered"},
                                                                               {flag::truncated, "truncated"},
                                                                               {flag::unpriced, "unpriced"},
                                                                               {flag::cached, "cached"},
                                                                               {flag::waiting, "waiting"}}};
    std::vector<std::string_view> words;
    for (auto const& [bit, name] : names) {
        if ((flags & bit) != 0) {
            words.push_back(name);
        }
    }
    return joined(words);
}

std::string dollars(nanos amount)
{
    return to_string(money::from_nanos(amount));
}

row_texts texts_of(entry const& e)
{
    auto const n = [](auto number) { return std::to_string(number); };
    return {e.request_id,
            n(e.attempt),
            e.is_settled() ? "settled" : (e.is_void() ? "void" : "open"),
            e.who->call_type,
            n(e.status),
            e.who->key,
            e.who->user,
            e.who->team,
            e.who->organisation,
            e.who->end_user,
            e.who->model,
            e.who->upstream_model,
            e.who->provider,
            e.who->deployment,
            sqlite::tags_text(e.who->tags),
            dollars(e.reserved),
            dollars(e.spent),
            n(e.tokens.prompt),
            n(e.tokens.completion),
            n(e.tokens.cached),
            n(e.tokens.cache_write),
            n(e.tokens.reasoning),
            flags_text(e.flags),
            rfc3339(e.started),
            rfc3339(e.ended),
            rfc3339(e.first_token)};
}

void append_csv_field(std::string& out, std::string_view text)
{
    bool const is_formula =
        !text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos;
    if (!is_formula && text.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += text;
        return;
    }
    out += is_formula ? "\"'" : "\"";
    for (char const c : text) {
        out += c == '"' ? "\"\"" : std::string(1, c);
    }
    out += '"';
}

void append_csv(std::string& out, row_texts const& texts)
{
    for (std::size_t i = 0; i != texts.size(); ++i) {
        out += i == 0 ? "" : ",";
        append_csv_field(out, texts[i]);
    }
    out += "\r\n";
}

void append_jsonl(std::string& out, row_texts const& texts)
{
    json::writer write(out);
    write.begin_object();
    for (std::size_t i = 0; i != texts.size(); ++i) {
        bool const is_raw = columns[i].is_number || columns[i].name == "tags";
        if (is_raw) {
            write.raw_member(columns[i].name, texts[i]);
        } else {
            write.member(columns[i].name, texts[i]);
        }
    }
    write.end_object();
    out += '\n';
}

void append_header(std::string& out)
{
    row_texts names;
    for (std::size_t i = 0; i != columns.size(); ++i) {
        names[i] = columns[i].name;
    }
    append_csv(out, names);
}

std::uint64_t exported(sqlite::connection& in, export_format format, export_range const& range,
                       export_sink const& sink)
{
    sqlite::statement rows(
        in, sqlite::select_entries("WHERE started >= ? AND started < ? AND (? = '' OR key = ?) "
                                   "ORDER BY started, request_id, attempt"));
    rows.bind(1, range.from.time_since_epoch().count()).bind(2, range.to.time_since_epoch().count());
    rows.bind(3, range.key).bind(4, range.key);
    std::string text;
    std::uint64_t in_text = 0;
    std::uint64_t taken = 0;
    if (format == export_format::csv) {
        append_header(text);
    }
    while (rows.step()) {
        row_texts const texts = texts_of(sqlite::read_entry(rows));
        if (format == export_format::csv) {
            append_csv(text, texts);
        } else {
            append_jsonl(text, texts);
        }
        ++in_text;
        if (text.size() >= piece) {
            if (!sink(text)) {
                return taken;
            }
            taken += std::exchange(in_text, 0);
            text.clear();
        }
    }
    return text.empty() || sink(text) ? taken + in_text : taken;
}

} // namespace

std::string rfc3339(moment when)
{
    using namespace std::chrono;
    if (when == moment{}) {
        return {};
    }
    auto const day = floor<days>(when);
    year_month_day const date{day};
    hh_mm_ss const time{when - day};
    std::array<char, 64> out{};
    int const size = std::snprintf(
        out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return std::string(out.data(), static_cast<std::size_t>(size));
}

result<std::uint64_t> export_rows(std::string const& path, export_format format, export_range const& range,
                                  export_sink const& sink)
{
    return sqlite::with_reader<std::uint64_t>(
        path, [&](sqlite::connection& in) { return exported(in, format, range, sink); });
}

} // namespace cogate::ledger

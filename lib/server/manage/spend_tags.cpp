#include "lib/core/text.hpp"
#include "lib/server/manage/spend_handlers.hpp"
#include "lib/server/manage/spend_json.hpp"
#include "lib/server/manage/spend_query.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

/// More tags than a list without pages can name.
constexpr std::size_t most_tags = 100'000;

result<std::vector<ledger::owner_sum>> sums_of_tags(managed const& what, query& asked,
                                                    without_dates otherwise)
{
    result<time_span> const span = read_dates(asked, otherwise, what.now);
    if (!span) {
        return span.error();
    }
    result<ledger::row_filter> const filter = read_filter(what, asked, *span);
    if (!filter) {
        return filter.error();
    }
    result<ledger::owner_sums> sums =
        listed_sums(what, ledger::scope_kind::tag, *filter, span->is_asked, most_tags);
    if (!sums) {
        return sums.error();
    }
    if (sums->has_more) {
        return failure{error_kind::invalid_request,
                       "There are too many tags for one list; ask for fewer days."}
            .with_code("report_too_large");
    }
    return std::move(sums->owners);
}

/// The pieces of a list between commas; empty where all are meant.
std::vector<std::string_view> wanted_tags(std::string_view list)
{
    std::vector<std::string_view> out;
    for (std::string_view const tag : core::split(list, ',')) {
        if (tag == "all-tags") {
            return {};
        }
        if (!core::trim(tag).empty()) {
            out.push_back(core::trim(tag));
        }
    }
    return out;
}

} // namespace

result<std::string> spend_tags(managed const& what)
{
    query asked(what.query);
    result<std::vector<ledger::owner_sum>> const sums = sums_of_tags(what, asked, without_dates::all_time);
    if (!sums) {
        return sums.error();
    }
    std::string out;
    json::writer to(out);
    to.begin_array();
    for (ledger::owner_sum const& tag : *sums) {
        to.begin_object().member("individual_request_tag", tag.id);
        to.member("log_count", tag.of.calls + tag.of.failed);
        write_dollars(to, "total_spend", tag.of.spent);
        to.end_object();
    }
    to.end_array();
    return out;
}

result<std::string> global_spend_tags(managed const& what)
{
    query asked(what.query);
    std::string const list = asked.one("tags").value_or("");
    std::vector<std::string_view> const wanted = wanted_tags(list);
    result<std::vector<ledger::owner_sum>> const sums = sums_of_tags(what, asked, without_dates::refused);
    if (!sums) {
        return sums.error();
    }
    std::string out;
    json::writer to(out);
    to.begin_object().key("spend_per_tag").begin_array();
    for (ledger::owner_sum const& tag : *sums) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), tag.id) == wanted.end()) {
            continue;
        }
        to.begin_object().member("name", tag.id);
        write_dollars(to, "spend", tag.of.spent);
        to.member("log_count", tag.of.calls + tag.of.failed).end_object();
    }
    to.end_array().end_object();
    return out;
}

result<std::string> all_tag_names(managed const& what)
{
    query asked(what.query);
    result<std::vector<ledger::owner_sum>> sums = sums_of_tags(what, asked, without_dates::all_time);
    if (!sums) {
        return sums.error();
    }
    std::sort(sums->begin(), sums->end(), [](auto const& a, auto const& b) { return a.id < b.id; });
    std::string out;
    json::writer to(out);
    to.begin_object().key("tag_names").begin_array();
    for (ledger::owner_sum const& tag : *sums) {
        to.value(tag.id);
    }
    to.end_array().end_object();
    return out;
}

} // namespace cogate::server::manage

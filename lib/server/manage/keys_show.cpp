#include "lib/server/manage/keys.hpp"

#include "lib/server/manage/families.hpp"
#include "lib/server/manage/fields.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/paging.hpp"
#include "lib/server/manage/show.hpp"

#include <algorithm>
#include <array>

namespace cogate::server::manage {
namespace {

using ledger::key_ptr;
using ledger::route_class;

failure not_seen()
{
    return failure{error_kind::permission_denied, "The calling key may not see this key."}.with_code(
        "not_yours");
}

result<key_ptr> seen_key(managed const& at, std::string_view named, std::string_view param)
{
    ledger::directory const& in = at.at.directory();
    result<key_ptr> one = key_named(named, in, at.at.digester(), param);
    if (one && !may_see(at.who, **one, in)) {
        return not_seen();
    }
    return one;
}

struct key_filter {
    std::optional<std::string> user;
    std::optional<std::string> team;
    std::optional<std::string> organisation;
    std::optional<std::string> alias;
    std::optional<std::string> digest;
    bool with_teams = false; ///< keys of the teams that the caller administers

    bool takes(managed const& at, ledger::key_record const& key) const
    {
        auto const is = [](std::optional<std::string> const& wanted, std::string const& has) {
            return !wanted || *wanted == has;
        };
        bool const fits = is(user, key.user) && is(team, key.team) && is(organisation, key.organisation) &&
                          is(alias, key.alias) && is(digest, key.digest);
        if (!fits || at.who.is_viewer()) {
            return fits;
        }
        bool const asks_for_others = with_teams || team || organisation || digest || alias;
        bool const is_own = (at.who.user != nullptr && key.user == at.who.user->id) ||
                            (at.who.key != nullptr && key.digest == at.who.key->digest);
        return is_own || (asks_for_others && may_see(at.who, key, at.at.directory()));
    }
};

void sort_keys(std::vector<key_ptr>& keys, query& asked)
{
    std::string const by = asked.one("sort_by").value_or("created_at");
    std::string const order = asked.one("sort_order").value_or("asc");
    static constexpr std::array<std::string_view, 4> known{"created_at", "updated_at", "key_alias",
                                                           "expires"};
    if (std::find(known.begin(), known.end(), by) == known.end()) {
        asked.blame(
            "sort_by",
            "The query parameter 'sort_by' must be one of: created_at, updated_at, key_alias, expires.");
    }
    if (order != "asc" && order != "desc") {
        asked.blame("sort_order", "The query parameter 'sort_order' must be asc or desc.");
    }
    std::stable_sort(keys.begin(), keys.end(), [&](key_ptr const& a, key_ptr const& b) {
        ledger::key_record const& x = order == "asc" ? *a : *b;
        ledger::key_record const& y = order == "asc" ? *b : *a;
        if (by == "key_alias") {
            return x.alias < y.alias;
        }
        if (by == "updated_at") {
            return x.made.updated_at < y.made.updated_at;
        }
        if (by == "expires") {
            return x.expires.value_or(ledger::moment::max()) < y.expires.value_or(ledger::moment::max());
        }
        return x.made.created_at < y.made.created_at;
    });
}

void write_page(shape& to, page const& part, std::size_t all)
{
    to.number("total_count", static_cast<std::int64_t>(all)).number("current_page", part.number);
    to.number("total_pages", part.pages_of(all)).number("size", part.size);
}

constexpr std::array routes{
    managed_route{"POST", "/key/generate", route_class::self_service, generate_key},
    managed_route{"POST", "/key/service-account/generate", route_class::self_service,
                  generate_service_account_key},
    managed_route{"POST", "/key/update", route_class::self_service, update_key},
    managed_route{"POST", "/key/bulk_update", route_class::self_service, bulk_update_keys},
    managed_route{"POST", "/key/delete", route_class::self_service, delete_keys},
    managed_route{"POST", "/key/block", route_class::self_service, block_key},
    managed_route{"POST", "/key/unblock", route_class::self_service, unblock_key},
    managed_route{"POST", "/key/regenerate", route_class::self_service, regenerate_key},
    managed_route{"POST", "/key/health", route_class::self_service, key_health, false},
    managed_route{"GET", "/key/info", route_class::self_service, key_info},
    managed_route{"POST", "/v2/key/info", route_class::self_service, keys_info, false},
    managed_route{"GET", "/key/list", route_class::self_service, list_keys},
    managed_route{"GET", "/key/aliases", route_class::self_service, key_aliases},
    managed_route{"POST", "/key/*", route_class::self_service, key_action},
};

} // namespace

result<std::string> key_info(managed const& at)
{
    query asked(at.query);
    std::optional<std::string> const named = asked.one("key");
    if (asked.fault()) {
        return *asked.fault();
    }
    if (!named && at.who.key == nullptr) {
        return failure{error_kind::invalid_request, "The query parameter 'key' is required."}.with_param(
            "key");
    }
    result<key_ptr> const one = named ? seen_key(at, *named, "key") : seen_key(at, at.who.key->digest, "key");
    if (!one) {
        return one.error();
    }
    std::string out;
    shape(out).text("key", (*one)->digest).raw("info", view(at).key(**one)).end();
    return out;
}

result<std::string> keys_info(managed const& at)
{
    fields in(at.body);
    json::value const said = in.value("keys");
    if (!said.is_array() || said.size() == 0 || said.size() > static_cast<std::size_t>(page::most)) {
        in.blame("keys", "must be a list of 1 to " + std::to_string(page::most) + " keys.");
    }
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    std::vector<key_ptr> found;
    std::vector<std::string> digests;
    for (json::value const named : said) {
        result<key_ptr> const one = seen_key(at, named.string(), "keys");
        if (!one) {
            return one.error();
        }
        found.push_back(*one);
        digests.push_back((*one)->digest);
    }
    std::string out;
    shape(out).names("key", digests).list("info", view(at).keys(found)).end();
    return out;
}

result<std::string> list_keys(managed const& at)
{
    query asked(at.query);
    page const part = page::of(asked, "size", 10);
    key_filter const filter{asked.one("user_id"),         asked.one("team_id"),
                            asked.one("organization_id"), asked.one("key_alias"),
                            asked.one("key_hash"),        asked.flag("include_team_keys", false)};
    bool const whole = asked.flag("return_full_object", false);
    std::vector<key_ptr> all = at.at.directory().keys();
    std::erase_if(all, [&](key_ptr const& one) { return !filter.takes(at, *one); });
    sort_keys(all, asked);
    if (asked.fault()) {
        return *asked.fault();
    }
    std::vector<key_ptr> const shown = part.cut(all);
    std::string out;
    shape to(out);
    if (whole) {
        to.list("keys", view(at).keys(shown));
    } else {
        std::vector<std::string> digests;
        for (key_ptr const& one : shown) {
            digests.push_back(one->digest);
        }
        to.names("keys", digests);
    }
    write_page(to, part, all.size());
    to.end();
    return out;
}

result<std::string> key_aliases(managed const& at)
{
    query asked(at.query);
    page const part = page::of(asked, "size", 50);
    std::optional<std::string> const search = asked.one("search");
    if (asked.fault()) {
        return *asked.fault();
    }
    std::vector<std::string> found;
    for (key_ptr const& one : at.at.directory().keys()) {
        if (!one->alias.empty() && (!search || one->alias.find(*search) != std::string::npos) &&
            may_see(at.who, *one, at.at.directory())) {
            found.push_back(one->alias);
        }
    }
    std::sort(found.begin(), found.end());
    std::string out;
    shape to(out);
    to.names("aliases", part.cut(found));
    write_page(to, part, found.size());
    to.end();
    return out;
}

// That the request came this far is the check; this gateway has no logging callbacks per key.
result<std::string> key_health(managed const& /*at*/)
{
    return std::string(R"({"key":"healthy","logging_callbacks":null})");
}

std::span<managed_route const> key_routes() noexcept
{
    return routes;
}

} // namespace cogate::server::manage

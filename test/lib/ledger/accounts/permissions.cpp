#include "lib/ledger/accounts/allowed_routes.hpp"
#include "lib/ledger/accounts/principal.hpp"

#include "test/lib/ledger/accounts/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string_view>

using namespace cogate::ledger;
using namespace cogate::test;

namespace {

using classes = std::array<route_class, 7>;
constexpr classes all_classes{route_class::open,         route_class::model_call, route_class::model_list,
                              route_class::self_service, route_class::admin_read, route_class::admin,
                              route_class::master};

/// One row per kind of key and role. In the order of `all_classes`: 'w' reads and changes, 'r' reads only, '-' neither.
struct row {
    key_type type;
    user_role role;
    std::string_view expected;
};
using enum key_type;
using enum user_role;
constexpr std::array matrix{
    row{standard, internal_user, "wwww---"},   row{standard, internal_user_viewer, "wwwr---"},
    row{standard, proxy_admin, "wwwwww-"},     row{standard, proxy_admin_viewer, "wwwrr--"},
    row{llm_api, internal_user, "www----"},    row{llm_api, internal_user_viewer, "www----"},
    row{llm_api, proxy_admin, "www----"},      row{llm_api, proxy_admin_viewer, "www----"},
    row{management, internal_user, "w-ww---"}, row{management, internal_user_viewer, "w-wr---"},
    row{management, proxy_admin, "w-wwww-"},   row{management, proxy_admin_viewer, "w-wrr--"},
    row{read_only, internal_user, "w-wr---"},  row{read_only, internal_user_viewer, "w-wr---"},
    row{read_only, proxy_admin, "w-wrrr-"},    row{read_only, proxy_admin_viewer, "w-wrr--"},
};

principal with(key_record key, std::optional<user_record> user = {})
{
    principal who;
    who.key = std::make_shared<key_record const>(std::move(key));
    if (user) {
        who.user = std::make_shared<user_record const>(std::move(*user));
    }
    return who;
}

bool may(principal const& who, route_class what, bool changes, std::string_view path = "/some/path")
{
    cogate::result<void> const r = may_use_route(who, what, path, changes);
    if (r.has_error()) {
        BOOST_TEST((r.error()->kind == (who.is_known() ? cogate::error_kind::permission_denied
                                                       : cogate::error_kind::authentication)));
        BOOST_TEST(r.error()->code == (who.is_known() ? "route_not_allowed" : "invalid_api_key"));
    }
    return r.has_value();
}

principal routed(std::vector<std::string> allowed)
{
    key_record key = named<key_record>("k");
    key.allowed_routes = std::move(allowed);
    return with(std::move(key));
}

std::string denied(principal const& who, std::string_view model, access_groups_of const& groups = {})
{
    cogate::result<void> const r = may_use_model(who, model, groups);
    if (r.has_value()) {
        return "";
    }
    BOOST_TEST((r.error()->kind == cogate::error_kind::permission_denied));
    BOOST_TEST(r.error()->param == "model");
    return r.error()->code;
}

principal with_models(std::vector<std::string> models)
{
    key_record key = named<key_record>("k");
    key.models = std::move(models);
    return with(std::move(key));
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_permissions)

BOOST_AUTO_TEST_CASE(every_key_type_and_role_on_every_class_of_route)
{
    BOOST_TEST(matrix.size() == 16u);
    for (row const& r : matrix) {
        key_record key = named<key_record>("k");
        key.type = r.type;
        user_record user = named<user_record>("u");
        user.role = r.role;
        principal const who = with(key, user);
        for (std::size_t i = 0; i != all_classes.size(); ++i) {
            BOOST_TEST_CONTEXT(to_string(r.type) << ' ' << to_string(r.role) << " class " << i)
            {
                BOOST_TEST(may(who, all_classes[i], false) == (r.expected[i] != '-'));
                BOOST_TEST(may(who, all_classes[i], true) == (r.expected[i] == 'w'));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(nobody_the_master_and_a_key_without_user)
{
    principal master;
    master.is_master = true;
    principal const bare = with(named<key_record>("k"));
    for (std::size_t i = 0; i != all_classes.size(); ++i) {
        for (bool const changes : {false, true}) {
            BOOST_TEST(may(principal{}, all_classes[i], changes) == (i == 0));
            BOOST_TEST(may(master, all_classes[i], changes));
            BOOST_TEST(may(bare, all_classes[i], changes) == (i < 4)); // as an internal user
        }
    }
}

BOOST_AUTO_TEST_CASE(allowed_routes_narrow_what_a_key_opens)
{
    auto const call = [](principal const& who, std::string_view path) {
        return may(who, route_class::model_call, true, path);
    };
    principal const exact = routed({"/chat/completions", "/v1/embeddings"});
    BOOST_TEST(call(exact, "/chat/completions"));
    BOOST_TEST(call(exact, "/embeddings"));
    BOOST_TEST(!call(exact, "/chat/completions/more"));
    BOOST_TEST(!call(exact, "/chat"));
    BOOST_TEST(!call(exact, "/rerank"));
    principal const below = routed({"/key/*"});
    BOOST_TEST(may(below, route_class::self_service, true, "/key/generate"));
    BOOST_TEST(!may(below, route_class::self_service, true, "/keys"));
    BOOST_TEST(!may(below, route_class::self_service, true, "/user/new"));
    BOOST_TEST(!may(below, route_class::admin, true, "/key/generate")); // the list gives no role
    BOOST_TEST(may(below, route_class::open, false, "/health/liveliness"));
}

BOOST_AUTO_TEST_CASE(groups_of_routes_are_litellms)
{
    struct expectation {
        std::string_view group;
        std::string_view opened; ///< of the cases below, by place
    };
    struct sample {
        route_class what;
        std::string_view path;
    };
    constexpr std::array<sample, 9> samples{{
        {route_class::model_call, "/chat/completions"},
        {route_class::model_call, "/messages"},
        {route_class::model_call, "/messages/count_tokens"},
        {route_class::model_call, "/models/gemini-2.5-pro:generateContent"},
        {route_class::model_call, "/anthropic/v1/messages"},
        {route_class::model_list, "/models"},
        {route_class::self_service, "/key/info"},
        {route_class::self_service, "/key/generate"},
        {route_class::model_list, "/model/info"},
    }};
    constexpr std::array<expectation, 7> groups{{
        {"llm_api_routes", "yyyyyy--y"},
        {"openai_routes", "y----y--y"},
        {"anthropic_routes", "-yy------"},
        {"google_routes", "---y-----"},
        {"info_routes", "------y-y"},
        {"management_routes", "------yy-"},
        {"made_up_routes", "---------"},
    }};
    for (expectation const& e : groups) {
        for (std::size_t i = 0; i != samples.size(); ++i) {
            BOOST_TEST_CONTEXT(e.group << ' ' << samples[i].path)
            {
                std::vector<std::string> const allowed{std::string(e.group)};
                BOOST_TEST(is_listed_route(allowed, samples[i].what, samples[i].path) ==
                           (e.opened[i] == 'y'));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(patterns_match_as_a_slow_search_does)
{
    seeded random(4);
    auto const some = [&](std::string_view letters) {
        std::string out(random.below(7), ' ');
        for (char& c : out) {
            c = letters[random.below(letters.size())];
        }
        return out;
    };
    struct slow {
        static bool matches(std::string_view p, std::string_view t)
        {
            if (p.empty()) {
                return t.empty();
            }
            if (p[0] == '*') {
                return matches(p.substr(1), t) || (!t.empty() && matches(p, t.substr(1)));
            }
            return !t.empty() && p[0] == t[0] && matches(p.substr(1), t.substr(1));
        }
    };
    for (int i = 0; i != 20000; ++i) {
        std::string const pattern = some("ab*");
        std::string const text = some("ab");
        BOOST_REQUIRE_MESSAGE(matches(pattern, text) == slow::matches(pattern, text),
                              pattern << " on " << text);
    }
}

BOOST_AUTO_TEST_CASE(model_lists)
{
    access_groups_of const groups = [](std::string_view model) {
        return model == "gpt-4o" ? std::vector<std::string>{"beta", "fast"} : std::vector<std::string>{};
    };
    std::string const no = "key_model_access_denied";
    BOOST_TEST(denied(with_models({}), "any") == "");
    BOOST_TEST(denied(with_models({"gpt-4o"}), "gpt-4o") == "");
    BOOST_TEST(denied(with_models({"gpt-4o"}), "gpt-4") == no);
    BOOST_TEST(denied(with_models({"gpt-4"}), "gpt-4o") == no);
    BOOST_TEST(denied(with_models({"gpt-4"}), "GPT-4") == no);
    BOOST_TEST(denied(with_models({"openai/*"}), "openai/gpt-4o") == "");
    BOOST_TEST(denied(with_models({"openai/*"}), "azure/openai/gpt-4o") == no);
    BOOST_TEST(denied(with_models({"*"}), "any") == "");
    BOOST_TEST(denied(with_models({"x", "fast"}), "gpt-4o", groups) == "");
    BOOST_TEST(denied(with_models({"fast"}), "other", groups) == no);
    BOOST_TEST(denied(with_models({"fast"}), "gpt-4o") == no);
    BOOST_TEST(denied(with_models({"all-proxy-models"}), "any") == "");
    BOOST_TEST(denied(with_models({"no-default-models"}), "any") == no);
    BOOST_TEST(denied(with_models({"any", "no-default-models"}), "any") == no);
    BOOST_TEST(denied(with_models({"all-team-models"}), "any") == no); // there is no team
    principal master;
    master.is_master = true;
    BOOST_TEST(denied(master, "any") == "");
}

BOOST_AUTO_TEST_CASE(every_owner_must_allow_a_model)
{
    principal who = with_models({});
    auto const with_list = [](auto record, std::vector<std::string> models) {
        record.models = std::move(models);
        return std::make_shared<decltype(record) const>(std::move(record));
    };
    who.user = with_list(named<user_record>("u"), {"a"});
    BOOST_TEST(denied(who, "a") == "");
    BOOST_TEST(denied(who, "b") == "user_model_access_denied");
    who.team = with_list(named<team_record>("t"), {"b", "c"});
    BOOST_TEST(denied(who, "b") == ""); // the user's list does not count in a team
    BOOST_TEST(denied(who, "a") == "team_model_access_denied");
    who.organisation = with_list(named<organisation_record>("o"), {"c"});
    BOOST_TEST(denied(who, "c") == "");
    BOOST_TEST(denied(who, "b") == "org_model_access_denied");
    key_record key = named<key_record>("k");
    key.models = {"all-team-models"};
    who.key = std::make_shared<key_record const>(key);
    BOOST_TEST(denied(who, "c") == "");
    BOOST_TEST(denied(who, "a") == "team_model_access_denied");
}

BOOST_AUTO_TEST_CASE(aliases_are_the_keys_then_the_teams)
{
    key_record key = named<key_record>("k");
    key.aliases = {{"fast", "gpt-4o-mini"}, {"smart", "fast"}};
    principal who = with(key);
    team_record team = named<team_record>("t");
    team.aliases = {{"fast", "team-model"}, {"own", "fast"}};
    who.team = std::make_shared<team_record const>(team);
    BOOST_TEST(model_meant(who, "fast") == "gpt-4o-mini");
    BOOST_TEST(model_meant(who, "smart") == "fast");
    BOOST_TEST(model_meant(who, "own") == "fast");
    BOOST_TEST(model_meant(who, "other") == "other");
    BOOST_TEST(model_meant(principal{}, "fast") == "fast");
}

BOOST_AUTO_TEST_SUITE_END()

#include "lib/server/manage/fields.hpp"

#include "lib/ledger/accounts/records.hpp"
#include "lib/server/manage/terms.hpp"

#include "test/lib/ledger/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace json = cogate::json;
namespace ledger = cogate::ledger;
using namespace cogate::server::manage;
using cogate::test::ledger_noon;

namespace {

/// Reads one body, and gives the field at fault; empty when there is none.
std::string fault_of(std::string_view body, std::function<void(fields&)> const& read)
{
    json::document doc;
    json::parse_error error;
    BOOST_REQUIRE_MESSAGE(doc.parse(body, error), body);
    fields in(doc.root());
    read(in);
    if (!in.fault()) {
        return {};
    }
    BOOST_TEST((*in.fault())->status == 400, body);
    bool const names_it =
        (*in.fault())->message.find('\'' + (*in.fault())->param + '\'') != std::string::npos;
    BOOST_TEST((names_it || (*in.fault())->param == "body"), body);
    return (*in.fault())->param;
}

ledger::terms terms_of(std::string_view body, ledger::terms before = {})
{
    json::document doc;
    json::parse_error error;
    BOOST_REQUIRE_MESSAGE(doc.parse(body, error), body);
    fields in(doc.root());
    read_terms(in, before, ledger_noon);
    in.ignore_rest();
    BOOST_REQUIRE_MESSAGE(!in.fault().has_value(), (in.fault() ? (*in.fault())->message : std::string()));
    return before;
}

std::string written(ledger::terms const& what)
{
    std::string out;
    shape to(out);
    write_terms(to, what);
    to.end();
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(server_manage_fields)

BOOST_AUTO_TEST_CASE(wrong_values_name_their_field)
{
    auto const all = [](fields& in) {
        ledger::terms terms;
        read_terms(in, terms, ledger_noon);
        std::string text;
        bool flag = false;
        std::vector<std::string> names;
        aliases pairs;
        std::optional<ledger::moment> moment;
        ledger::user_role role{};
        in.name("user_id", text);
        in.text("description", text, 10);
        in.flag("blocked", flag);
        in.names("models", names);
        in.pairs("aliases", pairs);
        in.object("metadata", text);
        in.instant("when", moment, ledger_noon);
        in.word("user_role", ledger::parse_user_role, "proxy_admin, ...", role);
        in.ignore_rest();
    };
    std::string const long_name(257, 'x');
    struct row {
        std::string body;
        std::string_view param;
    };
    for (row const& each : std::vector<row>{
             {R"({"max_budget":-1})", "max_budget"},
             {R"({"max_budget":true})", "max_budget"},
             {R"({"max_budget":"ten"})", "max_budget"},
             {R"({"max_budget":""})", "max_budget"},
             {R"({"max_budget":[1]})", "max_budget"},
             {R"({"max_budget":1e300})", "max_budget"},
             {R"({"max_budget":1000000001})", "max_budget"},
             {R"({"soft_budget":"-0.01"})", "soft_budget"},
             {R"({"budget_duration":"30"})", "budget_duration"},
             {R"({"budget_duration":"30 days"})", "budget_duration"},
             {R"({"budget_duration":"0d"})", "budget_duration"},
             {R"({"budget_duration":"-1d"})", "budget_duration"},
             {R"({"budget_duration":30})", "budget_duration"},
             {R"({"tpm_limit":1.5})", "tpm_limit"},
             {R"({"tpm_limit":"10"})", "tpm_limit"},
             {R"({"rpm_limit":-1})", "rpm_limit"},
             {R"({"rpm_limit":9007199254740993})", "rpm_limit"},
             {R"({"max_parallel_requests":{}})", "max_parallel_requests"},
             {R"({"model_max_budget":[]})", "model_max_budget"},
             {R"({"model_max_budget":{"m":{"budget_limit":-1}}})", "model_max_budget.m.budget_limit"},
             {R"({"model_max_budget":{"m":{"time_period":"1d"}}})", "model_max_budget.m.budget_limit"},
             {R"({"model_max_budget":{"m":{"budget_limit":1,"time_period":"x"}}})",
              "model_max_budget.m.time_period"},
             {R"({"model_max_budget":{"m":{"budget_limt":1}}})", "model_max_budget.m.budget_limt"},
             {R"({"model_max_budget":{"m":"cheap"}})", "model_max_budget.m"},
             {R"({"model_max_budget":{"":1}})", "model_max_budget."},
             {R"({"model_rpm_limit":{"m":"many"}})", "model_rpm_limit.m"},
             {R"({"model_tpm_limit":7})", "model_tpm_limit"},
             {R"({"temp_budget_increase":5})", "temp_budget_expiry"},
             {R"({"temp_budget_expiry":"1d"})", "temp_budget_increase"},
             {R"({"temp_budget_increase":5,"temp_budget_expiry":"soon"})", "temp_budget_expiry"},
             {R"({"user_id":7})", "user_id"},
             {R"({"user_id":"a\u0000b"})", "user_id"},
             {R"({"user_id":"a\nb"})", "user_id"},
             {R"({"user_id":")" + long_name + "\"}", "user_id"},
             {R"({"description":"longer than ten"})", "description"},
             {R"({"blocked":"true"})", "blocked"},
             {R"({"blocked":1})", "blocked"},
             {R"({"models":"gpt-4o"})", "models"},
             {R"({"models":["a",2]})", "models[1]"},
             {R"({"models":[""]})", "models[0]"},
             {R"({"aliases":["a"]})", "aliases"},
             {R"({"aliases":{"a":1}})", "aliases.a"},
             {R"({"metadata":"{}"})", "metadata"},
             {R"({"metadata":[]})", "metadata"},
             {R"({"when":"2026-13-01"})", "when"},
             {R"({"when":12})", "when"},
             {R"({"user_role":"king"})", "user_role"},
             {R"({"user_role":1})", "user_role"},
             {R"({"max_budgt":1})", "max_budgt"},
             {R"({"rpm_limits":1})", "rpm_limits"},
             {R"({"blocked":true,"blocked":false})", "blocked"},
         }) {
        BOOST_TEST(fault_of(each.body, all) == each.param, each.body);
    }
    BOOST_TEST(
        fault_of(R"({"max_budget":null,"tpm_limit":null,"models":null,"user_role":null,"blocked":null})",
                 all) == "");
    BOOST_TEST(fault_of(R"({"favourite_colour":"blue","my_team_tag":1})", all) == "");
}

BOOST_AUTO_TEST_CASE(a_body_must_be_an_object)
{
    for (std::string_view const body : {"[]", "7", "\"x\"", "null"}) {
        BOOST_TEST(fault_of(body, [](fields&) {}) == "body", body);
    }
    fields missing{json::value{}};
    BOOST_TEST(!missing.fault().has_value());
}

BOOST_AUTO_TEST_CASE(money_is_read_exactly_from_numbers_and_texts)
{
    struct row {
        std::string_view text;
        ledger::nanos amount;
    };
    for (row const& each :
         {row{"0.1", 100'000'000}, row{"\"0.1\"", 100'000'000}, row{"0.000000001", 1}, row{"1e-9", 1},
          row{"10", 10'000'000'000}, row{"123456789.987654321", 123'456'789'987'654'321},
          row{"\"10.50\"", 10'500'000'000}, row{"0", 0}}) {
        ledger::terms const read = terms_of(R"({"max_budget":)" + std::string(each.text) + '}');
        BOOST_TEST(read.max_budget.value() == each.amount, each.text);
    }
    json::document doc;
    json::parse_error error;
    std::string const text =
        written(terms_of(R"({"max_budget":123456789.987654321,"soft_budget":"0.000000001"})"));
    BOOST_REQUIRE(doc.parse(text, error));
    BOOST_TEST(doc["max_budget"].raw() == "123456789.987654321");
    BOOST_TEST(doc["soft_budget"].raw() == "0.000000001");
}

BOOST_AUTO_TEST_CASE(null_takes_away_and_silence_keeps)
{
    ledger::terms const before = terms_of(
        R"({"max_budget":5,"budget_duration":"1d","rpm_limit":3,"model_max_budget":{"a":1,"b":{"budget_limit":"2",
                     "time_period":"1d"}},"model_rpm_limit":{"a":9},"temp_budget_increase":2,"temp_budget_expiry":"1d"})");
    BOOST_CHECK(terms_of("{}", before) == before);
    BOOST_TEST(before.per_model.at("b").budget_duration == "1d");
    BOOST_CHECK((before.extra_until == ledger_noon + std::chrono::days{1}));
    ledger::terms const after = terms_of(
        R"({"max_budget":null,"model_max_budget":null,"temp_budget_increase":null,"temp_budget_expiry":null})",
        before);
    BOOST_TEST(!after.max_budget.has_value());
    BOOST_TEST(after.budget_duration == "1d");
    BOOST_TEST(after.per_model.size() == 1U);
    BOOST_TEST(after.per_model.at("a").limits.requests_per_minute.value() == 9);
    BOOST_TEST(after.extra_budget == 0);
    BOOST_CHECK((after.extra_until == ledger::moment{}));
    BOOST_TEST(terms_of(R"({"model_rpm_limit":{}})", after).per_model.empty());
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back)
{
    ledger::terms const before =
        terms_of(R"({"max_budget":5.25,"soft_budget":1,"budget_duration":"30d","tpm_limit":7,"rpm_limit":3,
                     "max_parallel_requests":2,"model_max_budget":{"a/b \"c\"":{"max_budget":1.5,"budget_duration":"1mo"}},
                     "model_tpm_limit":{"x":1},"model_rpm_limit":{"y":2}})");
    BOOST_CHECK(terms_of(written(before)) == before);
}

BOOST_AUTO_TEST_CASE(what_nobody_asked_for_is_kept_and_shown_again)
{
    json::document doc;
    json::parse_error error;
    BOOST_REQUIRE(doc.parse(
        R"({"guardrails":["a"],"x_own":{"b":[1.50]},"password":"hush","token":"t","created_at":1})", error));
    std::string kept = R"({"config":{},"guardrails":[]})";
    fields in(doc.root());
    in.keep_rest(kept);
    BOOST_TEST(!in.fault().has_value());
    BOOST_TEST(kept == R"({"config":{},"guardrails":["a"],"x_own":{"b":[1.50]}})");
    json::document none;
    BOOST_REQUIRE(none.parse(R"({"guardrails":null})", error));
    fields(none.root()).keep_rest(kept);
    BOOST_TEST(kept == R"({"config":{},"x_own":{"b":[1.50]}})");
    json::document large;
    std::string const text = R"({"x_own":")" + std::string(largest_json, 'x') + "\"}";
    BOOST_REQUIRE(large.parse(text, error));
    fields too_large(large.root());
    too_large.keep_rest(kept);
    BOOST_REQUIRE(too_large.fault().has_value());
    BOOST_TEST((*too_large.fault())->param == "x_own");
    std::string many = "{";
    for (int i = 0; i != 201; ++i) {
        many += (i == 0 ? "\"own_field_" : ",\"own_field_") + std::to_string(i) + "\":1";
    }
    many += '}';
    BOOST_REQUIRE(large.parse(many, error));
    fields too_many(large.root());
    too_many.ignore_rest();
    BOOST_REQUIRE(too_many.fault().has_value());
    BOOST_TEST((*too_many.fault())->param == "own_field_200");
}

BOOST_AUTO_TEST_CASE(spans_end_when_they_say)
{
    using namespace std::chrono;
    BOOST_CHECK((end_of("30s", ledger_noon) == ledger_noon + seconds{30}));
    BOOST_CHECK((end_of("2w", ledger_noon) == ledger_noon + days{14}));
    ledger::moment const end_of_january = sys_days{year{2026} / 1 / 31} + hours{5};
    BOOST_CHECK((end_of("1mo", end_of_january) == sys_days{year{2026} / 2 / 28} + hours{5}));
    BOOST_TEST(!end_of("1y", ledger_noon).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

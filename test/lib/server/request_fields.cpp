#include "lib/server/request_fields.hpp"

#include "lib/core/json/document.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server = cogate::server;
using cogate::call_options;
using cogate::error_kind;

namespace {

using texts = std::vector<std::string>;

struct taken {
    call_options options;
    std::optional<std::string> body;
};

taken take(std::string_view body, call_options options = {})
{
    auto rest = server::take_request_fields(body, options);
    BOOST_REQUIRE_MESSAGE(rest.has_value(), body);
    return {std::move(options), *std::move(rest)};
}

cogate::failure refused(std::string_view body)
{
    call_options options;
    auto const rest = server::take_request_fields(body, options);
    BOOST_REQUIRE_MESSAGE(rest.has_error(), body);
    return rest.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(server_request_fields)

BOOST_AUTO_TEST_CASE(a_body_without_the_fields_goes_on_as_it_is)
{
    for (std::string_view const body :
         {R"({"model":"m","messages":[{"role":"user","content":"hi"}]})", "", "s\"", "\"", "{",
          R"({"messages":[{"content":"my \"tags\" and num_retries"}]})", R"({"user":"fallbacks"})",
          R"({"tools":[{"parameters":{"properties":{"tags":{"type":"array"},"fallbacks":{}}}}]})",
          R"({"metadata":{"tags":"a text"}})", R"({"metadata":null,"x":{"tags":[]}})"}) {
        taken const got = take(body);
        BOOST_TEST(!got.body.has_value(), body);
        BOOST_TEST(!got.options.routing.has_value(), body);
        BOOST_TEST(got.options.tags.empty(), body);
    }
}

BOOST_AUTO_TEST_CASE(a_broken_body_is_left_to_the_dialect)
{
    for (std::string_view const body : {R"({"fallbacks":["a"])", R"(["tags"])", R"({"tags":[],"tags":[]})"}) {
        BOOST_TEST(!take(body).body.has_value(), body);
    }
}

BOOST_AUTO_TEST_CASE(fallbacks_are_names_or_objects_with_a_model)
{
    taken const got = take(R"({"model":"m","fallbacks":["a",{"model":"b\n"}],"n":1})");
    BOOST_TEST(got.body.value() == R"({"model":"m","n":1})");
    BOOST_TEST(got.options.routing.value().fallbacks == (texts{"a", "b\n"}));
    BOOST_TEST(!got.options.routing->fail_first.has_value());
}

BOOST_AUTO_TEST_CASE(all_fields_are_taken_wherever_they_stand)
{
    taken const got =
        take(R"({ "num_retries" : 3 , "model":"m", "disable_fallbacks":true,"tags":["x","y","x",""] })");
    cogate::json::document rest;
    cogate::json::scan_error error;
    BOOST_REQUIRE(rest.parse(got.body.value(), error));
    BOOST_TEST(rest.root().size() == 1U);
    BOOST_TEST(rest.root()["model"].string() == "m");
    BOOST_TEST(got.options.routing.value().num_retries.value() == 3);
    BOOST_TEST(got.options.routing->disable_fallbacks);
    BOOST_TEST(got.options.tags == (texts{"x", "y"}));
}

BOOST_AUTO_TEST_CASE(every_place_of_a_field_leaves_good_json)
{
    // three members, each of them kept or taken, with and without space around
    for (unsigned mask = 0; mask != 8; ++mask) {
        for (std::string_view const space : {"", " ", "\n\t "}) {
            constexpr std::array<std::pair<std::string_view, std::string_view>, 3> fields{
                {{"\"tags\"", "[\"t\"]"}, {"\"num_retries\"", "1"}, {"\"disable_fallbacks\"", "false"}}};
            std::string body = "{";
            std::size_t kept = 0;
            for (std::size_t i = 0; i != 3; ++i) {
                bool const keep = (mask >> i & 1U) != 0;
                kept += keep ? 1 : 0;
                body.append(i == 0 ? "" : ",").append(space);
                body.append(keep ? "\"k" + std::to_string(i) + '"' : std::string(fields[i].first));
                body.append(space).append(":").append(space).append(fields[i].second).append(space);
            }
            body += '}';
            taken const got = take(body);
            cogate::json::document rest;
            cogate::json::scan_error error;
            BOOST_TEST(rest.parse(got.body.value_or(body), error), body);
            BOOST_TEST(rest.root().size() == kept, body);
        }
    }
}

BOOST_AUTO_TEST_CASE(null_means_that_the_field_is_not_there)
{
    taken const got = take(R"({"fallbacks":null,"disable_fallbacks":null,"num_retries":null,"tags":null,)"
                           R"("mock_testing_fallbacks":null})");
    BOOST_TEST(got.body.value() == "{}");
    BOOST_TEST(got.options.routing.value().fallbacks.empty());
    BOOST_TEST(!got.options.routing->disable_fallbacks);
    BOOST_TEST(!got.options.routing->num_retries.has_value());
    BOOST_TEST(!got.options.routing->fail_first.has_value());
    BOOST_TEST(got.options.tags.empty());
}

BOOST_AUTO_TEST_CASE(tags_of_the_metadata_are_read_and_stay)
{
    taken const got = take(R"({"metadata":{"tags":["free"],"a":"b"}})");
    BOOST_TEST(!got.body.has_value());
    BOOST_TEST(got.options.tags == texts{"free"});

    call_options of_header;
    of_header.tags = {"h"};
    taken const both = take(R"({"tags":["a","h"],"metadata":{"tags":["free"]}})", of_header);
    BOOST_TEST(both.body.value() == R"({"metadata":{"tags":["free"]}})");
    BOOST_TEST(both.options.tags == (texts{"h", "a", "free"}));
    BOOST_TEST(!both.options.routing.has_value());
}

BOOST_AUTO_TEST_CASE(the_header_s_number_of_retries_wins)
{
    call_options of_header;
    of_header.routing = cogate::routing_options{.num_retries = 5};
    BOOST_TEST(take(R"({"num_retries":1})", of_header).options.routing.value().num_retries.value() == 5);
}

BOOST_AUTO_TEST_CASE(a_mock_failure_goes_straight_to_the_fallback)
{
    constexpr std::array<std::pair<std::string_view, error_kind>, 5> kinds{
        {{"mock_testing_fallbacks", error_kind::internal_server},
         {"mock_testing_context_fallbacks", error_kind::context_window_exceeded},
         {"mock_testing_context_window_fallbacks", error_kind::context_window_exceeded},
         {"mock_testing_content_policy_fallbacks", error_kind::content_policy_violation},
         {"mock_testing_rate_limit_error", error_kind::rate_limit}}};
    for (auto const& [name, kind] : kinds) {
        std::string const field = "{\"" + std::string(name) + "\":";
        taken const on = take(field + "true,\"num_retries\":2}");
        BOOST_TEST(on.body.value() == "{}");
        BOOST_TEST((on.options.routing.value().fail_first == kind));
        BOOST_TEST(on.options.routing->num_retries.value() == 0);
        BOOST_TEST(!take(field + "false}").options.routing.value().fail_first.has_value());
        BOOST_TEST(refused(field + "1}")->param == name);
    }
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused_by_name)
{
    std::string many = "[\"t\"";
    for (int i = 0; i != 40; ++i) {
        many += ",\"" + std::to_string(i) + '"';
    }
    many += ']';
    std::vector<std::pair<std::string, std::string>> const bad{
        {"fallbacks", "\"a\""},
        {"fallbacks", "[1]"},
        {"fallbacks", R"([{"model":"a","messages":[]}])"},
        {"fallbacks", R"([{"a":["b"]}])"},
        {"fallbacks", many},
        {"disable_fallbacks", "\"true\""},
        {"num_retries", "-1"},
        {"num_retries", "17"},
        {"num_retries", "1.5"},
        {"num_retries", "\"1\""},
        {"tags", "\"a\""},
        {"tags", "[{}]"},
        {"tags", many}};
    for (auto const& [name, value] : bad) {
        cogate::failure const why = refused("{\"" + name + "\":" + value + '}');
        BOOST_TEST((why->kind == error_kind::invalid_request), name << value);
        BOOST_TEST(why->param == name, value);
    }
    BOOST_TEST(refused(R"({"metadata":{"tags":[1]}})")->param == "metadata.tags");
}

BOOST_AUTO_TEST_CASE(a_field_is_found_wherever_the_fast_search_meets_it)
{
    for (std::size_t before = 0; before != 40; ++before) {
        std::string const body = "{\"k\":\"" + std::string(before, 'x') + R"(","num_retries":4})";
        BOOST_TEST(take(body).options.routing.value().num_retries.value() == 4);
    }
}

BOOST_AUTO_TEST_CASE(no_client_says_where_calls_go)
{
    for (std::string const field : {"api_base", "api_key", "base_url"}) {
        // in every position of the fast search's steps
        for (std::size_t pad = 0; pad != 40; ++pad) {
            std::string const body =
                R"({"x":")" + std::string(pad, 'y') + R"(",")" + field + R"(":"http://x"})";
            cogate::failure const why = refused(body);
            BOOST_TEST(why->param == field);
            BOOST_TEST(why->status == 400);
        }
        BOOST_TEST(!take(R"({"metadata":{")" + field + R"(":"mine"}})").body.has_value());
        BOOST_TEST(!take(R"({"messages":[{"content":")" + field + R"("}]})").body.has_value());
        BOOST_TEST(!take(R"({")" + field + R"(":null})").body.has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()

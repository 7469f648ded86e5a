#include <cogate/tokens.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using cogate::chat_request;
using cogate::content_part;
using cogate::message;
using cogate::raw_json;
using cogate::role;

BOOST_AUTO_TEST_SUITE(catalog_token_counter)

namespace {

std::size_t words(std::string_view text)
{
    return cogate::count_tokens(cogate::encoding_for("gpt-4"), text);
}

std::size_t count(chat_request const& request, cogate::token_counter_options options = {})
{
    return cogate::token_counter("gpt-4", request, options);
}

chat_request asking(message m)
{
    return {.model = "any", .messages = {std::move(m)}};
}

message with_part(content_part part)
{
    message m = cogate::user("");
    m.content = {std::move(part)};
    m.content_is_text = false;
    return m;
}

cogate::media_source source(std::string url, std::string data = {}, std::string file_id = {})
{
    return {.url = std::move(url), .data = std::move(data), .file_id = std::move(file_id), .media_type = {}};
}

/// What a message from a user holds but for its content: 3, its role, and the start of the reply.
constexpr std::size_t around = 3 + 1 + 3;

cogate::tool weather()
{
    return {.name = "get_weather",
            .description = "Current weather",
            .parameters = raw_json{R"({"type":"object","properties":{
                "city":{"type":"string","description":"Where"},
                "unit":{"type":"string","enum":["c","f"]},
                "days":{"type":"array","items":{"type":"integer"}},
                "where":{"type":"object","properties":{"lat":{"type":"number"},"near":{"type":"boolean"}},
                         "required":["lat"]},
                "any":{}},"required":["city"]})"}};
}

constexpr std::string_view weather_text = "namespace functions {\n"
                                          "\n"
                                          "// Current weather\n"
                                          "type get_weather = (_: {\n"
                                          "// Where\n"
                                          "city: string,\n"
                                          "unit?: \"c\" | \"f\",\n"
                                          "days?: number[],\n"
                                          "where?: {\n"
                                          "  lat: number,\n"
                                          "  near?: boolean,\n"
                                          "},\n"
                                          "any?: any,\n"
                                          "}) => any;\n"
                                          "\n"
                                          "} // namespace functions";

} // namespace

BOOST_AUTO_TEST_CASE(an_empty_request_is_the_start_of_a_reply)
{
    BOOST_TEST(count({}) == 3u);
    BOOST_TEST(count({}, {.response = true}) == 0u);
}

BOOST_AUTO_TEST_CASE(messages_count_their_role_and_text)
{
    BOOST_TEST(count(asking(cogate::user("Hello world"))) == around + 2);
    chat_request two{.model = "",
                     .messages = {cogate::system("You are helpful."), cogate::user("Hello world")}};
    BOOST_TEST(count(two) == 3 + 1 + words("You are helpful.") + 3 + 1 + 2 + 3);
    BOOST_TEST(count(two, {.response = true}) == count(two) - 3);
}

BOOST_AUTO_TEST_CASE(the_model_decides_the_encoding)
{
    std::string const text =
        "\xE4\xBD\xA0\xE5\xA5\xBD\xE4\xB8\x96\xE7\x95\x8C, naturally \xE2\x80\x93 don't!";
    chat_request const request = asking(cogate::user(text));
    for (std::string_view const model : {"gpt-4", "gpt-4o", "claude-3-opus"}) {
        BOOST_TEST(cogate::token_counter(model, request) ==
                   around + cogate::count_tokens(cogate::encoding_for(model), text));
    }
    BOOST_TEST(cogate::token_counter("gpt-4", request) != cogate::token_counter("gpt-4o", request));
}

BOOST_AUTO_TEST_CASE(a_name_is_counted_and_one_more)
{
    message named = cogate::user("Hello world");
    named.name = "alice";
    BOOST_TEST(count(asking(named)) == around + 2 + words("alice") + 1);
    BOOST_TEST(cogate::token_counter("gpt-3.5-turbo-0301", asking(named)) ==
               around + 1 + 2 + words("alice") - 1);
}

BOOST_AUTO_TEST_CASE(of_tool_calls_only_the_arguments_count)
{
    message call{.role = role::assistant, .content = {}};
    call.tool_calls = {{.id = "call_1", .name = "get_weather", .arguments = R"({"city":"Oslo"})"}};
    BOOST_TEST(count(asking(call)) == 3 + 1 + 3 + words(R"({"city":"Oslo"})"));

    message const answer = cogate::tool_result("call_1", "rain");
    BOOST_TEST(count(asking(answer)) == 3 + words("tool") + words("call_1") + words("rain") + 3);
}

BOOST_AUTO_TEST_CASE(unknown_members_count_where_they_are_text)
{
    message m = cogate::user("");
    m.extra.set("note", raw_json{R"("Hello\u0020world")"});
    m.extra.set("number", raw_json{"17"});
    m.extra.set("function_call", raw_json{R"({"name":"f","arguments":"Hello world"})"});
    m.extra.set("broken", raw_json{R"("Hello)"});
    BOOST_TEST(count(asking(m)) == around + 2 + 2);
}

BOOST_AUTO_TEST_CASE(tools_are_counted_as_typescript)
{
    chat_request request = asking(cogate::user("Hello world"));
    request.tools = {weather()};
    BOOST_TEST(count(request) == around + 2 + words(weather_text) + 9);
    request.messages.insert(request.messages.begin(), cogate::system("Hello world"));
    BOOST_TEST(count(request) == around + 2 + words(weather_text) + 9 - 4 + 3 + 1 + 2);
    BOOST_TEST(count(request, {.response = true}) == 2 * (3 + 1 + 2));
}

BOOST_AUTO_TEST_CASE(tool_choice)
{
    chat_request request = asking(cogate::user("Hello world"));
    using mode = cogate::tool_choice::mode;
    std::size_t const without = count(request);
    request.tool_choice = cogate::tool_choice{.how = mode::none};
    BOOST_TEST(count(request) == without + 1);
    request.tool_choice = cogate::tool_choice{.how = mode::required};
    BOOST_TEST(count(request) == without);
    request.tool_choice = cogate::tool_choice{.how = mode::function, .name = "get_weather"};
    BOOST_TEST(count(request) == without + 7 + words("get_weather"));
    request.tool_choice =
        cogate::tool_choice{.how = mode::other, .value = raw_json{R"({"type":"allowed_tools"})"}};
    BOOST_TEST(count(request) == without + 7);
    request.tool_choice = cogate::tool_choice{.how = mode::other, .value = raw_json{R"("some")"}};
    BOOST_TEST(count(request) == without);
}

BOOST_AUTO_TEST_CASE(parts)
{
    auto const part = [](content_part p, cogate::token_counter_options options = {}) {
        return count(asking(with_part(std::move(p))), options) - around;
    };
    cogate::image_part const image{.source = source("https://example.com/a.png")};
    BOOST_TEST(part(cogate::text_part{.text = "Hello world"}) == 2u);
    BOOST_TEST(part(cogate::refusal_part{.text = "Hello world"}) == 2u);
    BOOST_TEST(part(image) == 85u);
    BOOST_TEST(part(image, {.default_image_tokens = true}) == 250u);
    BOOST_TEST(part(cogate::image_part{.source = image.source, .detail = "high"}) == 255u);
    BOOST_TEST(part(cogate::file_part{.source = source("", "AAAA"), .filename = "Hello world"}) == 85u + 2);
    BOOST_TEST(part(cogate::file_part{.source = source("", "AAAA")}, {.default_image_tokens = true}) == 250u);
    BOOST_TEST(part(cogate::file_part{.source = source("", "", "f")}) == 0u);
    BOOST_TEST(part(cogate::reasoning_part{.text = "Hello world", .field = "reasoning_content"}) == 2u);
    BOOST_TEST(part(cogate::reasoning_part{.text = "Hello world", .field = "thinking_blocks"}) == 0u);
    BOOST_TEST(part(cogate::audio_part{.source = source("", "AAAA")}) == 0u);
    BOOST_TEST(part(cogate::unknown_part{.type = "x", .value = raw_json{"{}"}}) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

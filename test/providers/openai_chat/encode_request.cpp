#include "test/providers/openai_chat/support.hpp"

#include <array>

#include <limits>

namespace cogate::test {

namespace {

result<providers::encoded_request> encode(chat_request const& request, bool stream = false)
{
    return test::encode_chat(request, "up", stream);
}

/// Values of every kind, made from a seed; only such as the wire can say.
class generator {
public:
    explicit generator(std::uint64_t seed) : random_(seed) {}

    std::string text()
    {
        static constexpr std::array<std::string_view, 9> bits = {
            "a", "\"", "\\", "\n", " ", "\xc3\xa9", "{\"usage\":", "\xf0\x9f\x99\x82", "data: [DONE]"};
        std::string out = "t";
        for (std::size_t n = random_.below(6); n != 0; --n) {
            out += bits[random_.below(bits.size())];
        }
        return out;
    }

    raw_json raw()
    {
        static constexpr std::array<std::string_view, 5> values = {
            "12345678901234567890", "0.7", R"({"a":[null,1e400]})", R"("\u00e9")", "[ ]"};
        return {std::string(values[random_.below(values.size())])};
    }

    extra_fields extra()
    {
        extra_fields out;
        for (std::size_t n = random_.below(3); n != 0; --n) {
            out.set("x_" + std::to_string(random_.below(5)), raw());
        }
        return out;
    }

    content_part part()
    {
        switch (random_.below(5)) {
        case 0:
            return image_part{.source = {.url = "https://h/" + std::to_string(random_.below(9)),
                                         .data = {},
                                         .file_id = {},
                                         .media_type = {}},
                              .detail = "low",
                              .extra = extra()};
        case 1:
            return audio_part{.source = {.url = {}, .data = "QUJD", .file_id = {}, .media_type = {}},
                              .format = "mp3"};
        case 2:
            return file_part{
                .source = {.url = {}, .data = "QUJD", .file_id = {}, .media_type = "application/pdf"},
                .filename = text()};
        case 3: return unknown_part{.type = "new", .value = {R"({"type":"new","v":1.0})"}};
        default: break;
        }
        text_part t{.text = text(), .extra = extra()};
        if (yes()) {
            t.cache = cache_mark{.ttl = yes() ? "5m" : ""};
        }
        return t;
    }

    message turn()
    {
        message m = text_message(yes() ? role::user : role::developer, text());
        if (yes()) {
            m.content.clear();
            m.content_is_text = false;
            for (std::size_t n = 1 + random_.below(3); n != 0; --n) {
                m.content.push_back(part());
            }
        }
        if (yes()) {
            m.name = "n";
        }
        m.extra = extra();
        return m;
    }

    message answer()
    {
        message m{.role = role::assistant, .content = {}};
        if (yes()) {
            m.content.emplace_back(
                reasoning_part{.text = text(), .field = yes() ? "reasoning" : "reasoning_content"});
        }
        if (yes()) {
            m.content.emplace_back(text_part{.text = text()});
        }
        if (yes()) {
            m.content.emplace_back(refusal_part{.text = text()});
        }
        for (std::size_t n = random_.below(3); n != 0; --n) {
            m.tool_calls.push_back(
                {.id = text(), .name = text(), .arguments = text(), .type = yes() ? "function" : "custom"});
            m.tool_calls.back().signature = yes() ? "sig" : "";
        }
        if (yes()) {
            m.annotations = {R"([{"type":"url_citation"}])"};
        }
        return m;
    }

    chat_request request()
    {
        chat_request r{.model = "up", .messages = {turn()}};
        for (std::size_t n = random_.below(3); n != 0; --n) {
            r.messages.push_back(answer());
            r.messages.push_back(tool_result(text(), text()));
        }
        for (std::size_t n = random_.below(3); n != 0; --n) {
            r.tools.push_back(
                {.name = text(), .description = yes() ? text() : "", .parameters = {R"({"type":"object"})"}});
            r.tools.back().strict = yes() ? std::optional(yes()) : std::nullopt;
            r.tools.back().extra = extra();
        }
        if (yes()) {
            r.tools.push_back({.name = "g",
                               .type = "custom",
                               .definition = {R"({"type":"custom","custom":{"name":"g"}})"}});
        }
        if (yes()) {
            r.tool_choice = tool_choice{.how = tool_choice::mode::function, .name = text()};
        }
        if (yes()) {
            r.temperature = number_text::from_json(yes() ? "0.7" : "1E-1");
        }
        if (yes()) {
            r.seed = static_cast<std::int64_t>(random_());
            r.max_tokens = 5;
            r.logprobs = yes();
            r.user = text();
            r.reasoning.effort = "low";
            r.metadata = {R"({"k":"v"})"};
        }
        for (std::size_t n = random_.below(3); n != 0; --n) {
            r.stop.push_back(text());
        }
        r.stop_is_text = r.stop.size() == 1 && yes();
        if (yes()) {
            r.response_format =
                response_format{.type = response_format::kind::json_schema, .name = text(), .schema = {"{}"}};
        }
        r.extra = extra();
        r.extra_dialect = r.extra.empty() ? "" : "openai_chat";
        return r;
    }

    bool yes() { return random_.below(2) == 0; }
    std::size_t below(std::size_t n) { return random_.below(n); }

private:
    seeded random_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_chat_encode_request)

BOOST_AUTO_TEST_CASE(parse_gives_back_what_encode_wrote)
{
    for (std::uint64_t seed = 1; seed != 400; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            generator make(seed);
            chat_request r = make.request();
            const bool stream = make.yes();
            auto const encoded = encode(r, stream);
            BOOST_REQUIRE(encoded.has_value());
            BOOST_TEST(encoded->path == "/chat/completions");
            bool streamed = false;
            auto const again = test::parse_chat(encoded->body, streamed);
            BOOST_REQUIRE_MESSAGE(again.has_value(), (again ? "" : again.error()->message) << encoded->body);
            r.include_usage = stream;
            BOOST_TEST(streamed == stream);
            BOOST_CHECK_MESSAGE(*again == r, encoded->body);
            BOOST_TEST(encode(*again, stream)->body == encoded->body);
        }
    }
}

BOOST_AUTO_TEST_CASE(answers_survive_the_way_through_us)
{
    for (std::uint64_t seed = 1; seed != 400; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            generator make(seed);
            chat_response r{.id = make.text(), .created = 5, .model = make.text(), .choices = {}};
            for (std::size_t n = 1 + make.below(2); n != 0; --n) {
                chat_choice choice;
                choice.index = static_cast<std::int64_t>(r.choices.size());
                choice.message = make.answer();
                if (choice.message.content.empty() && choice.message.tool_calls.empty()) {
                    choice.message.content.emplace_back(text_part{.text = "x"});
                }
                for (content_part& part : choice.message.content) {
                    if (auto* reasoning = std::get_if<reasoning_part>(&part)) {
                        reasoning->field = "reasoning_content";
                        if (choice.message.content.size() == 1) {
                            choice.message.tool_calls.push_back({.id = "i", .name = "n", .arguments = "{}"});
                            break;
                        }
                    }
                }
                choice.finish_reason = finish_reason::length;
                choice.extra = make.extra();
                r.choices.push_back(std::move(choice));
            }
            r.usage = {.prompt_tokens = 10,
                       .completion_tokens = 7,
                       .total_tokens = 17,
                       .cached_tokens = 3,
                       .reasoning_tokens = 2,
                       .reported = true,
                       .extra = make.extra()};
            r.extra = make.extra();
            std::string body;
            test::write_chat(r, body);
            auto const again = test::decode_chat(body);
            BOOST_REQUIRE(again.has_value());
            BOOST_CHECK_MESSAGE(*again == r, body);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_order_of_fields_is_fixed)
{
    chat_request r{.model = "ignored", .messages = {user("hi")}};
    r.temperature = 0.7;
    r.extra.set("z", {"1"});
    BOOST_TEST(encode(r, true)->body ==
               R"({"model":"up","messages":[{"role":"user","content":"hi"}],"temperature":0.7,)"
               R"("stream":true,"stream_options":{"include_usage":true},"z":1})");
}

BOOST_AUTO_TEST_CASE(large_objects_and_repeated_names_are_json)
{
    chat_request r;
    std::string bias = "{";
    for (int i = 0; i != 2000; ++i) {
        bias += '"' + std::to_string(i) + "\":1,";
    }
    r.extra.set("own", raw_json{bias + "\"0\":2}"});
    auto const encoded = test::encode(r);
    BOOST_REQUIRE(encoded.has_value());
    BOOST_TEST(encoded->body.find("\"1999\":1,\"0\":2}") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_not_json_is_named)
{
    const auto param_of = [](chat_request const& r) {
        auto const encoded = encode(r);
        BOOST_REQUIRE(!encoded.has_value());
        BOOST_TEST((encoded.error()->kind == error_kind::invalid_request));
        return encoded.error()->param;
    };
    chat_request r{.model = "m", .messages = {user("x")}};
    r.metadata = {"{nope"};
    BOOST_TEST(param_of(r) == "metadata");
    r.metadata = {R"({},"stream":true)"};
    BOOST_TEST(param_of(r) == "metadata");
    r.metadata = {};
    r.temperature = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(param_of(r) == "temperature");
    r.temperature = number_text::from_json("\"0.7\"");
    BOOST_TEST(param_of(r) == "temperature");
    r.temperature = {};
    r.extra.set("own", {"1 2"});
    BOOST_TEST(param_of(r) == "own");
    r.extra = {};
    r.extra.set("model", {"\"x\""});
    BOOST_TEST(param_of(r) == "extra");
    r.extra = {};
    r.tools.push_back({.name = "f", .parameters = {"{"}});
    BOOST_TEST(param_of(r) == "parameters");
}

BOOST_AUTO_TEST_CASE(reasoning_of_other_dialects_stays_here)
{
    chat_request r{.model = "m", .messages = {user("x"), assistant("y")}};
    r.messages[1].content.insert(r.messages[1].content.begin(), reasoning_part{.text = "secret thoughts"});
    BOOST_TEST(encode(r)->body.find("thoughts") == std::string::npos);
    r.reasoning.budget_tokens = 4000;
    BOOST_TEST(encode(r)->body.find(R"("reasoning_effort":"medium")") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test

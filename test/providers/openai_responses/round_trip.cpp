#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

namespace {

class maker {
public:
    explicit maker(std::uint64_t seed) : random_(seed) {}

    chat_request request()
    {
        chat_request r;
        r.model = "m";
        r.extra_dialect = "openai_responses";
        r.include_usage = true;
        if (maybe()) {
            r.messages.push_back(system(text()));
        }
        for (std::size_t n = 1 + random_.below(4); n != 0; --n) {
            r.messages.push_back(input());
            if (maybe()) {
                add_turn(r.messages);
            }
        }
        r.messages.push_back(user(text()));
        if (maybe()) {
            r.tools.push_back({.name = "f",
                               .description = text(),
                               .parameters = {R"({"type":"object"})"},
                               .strict = maybe()});
            r.tools.push_back({.name = {},
                               .type = "web_search",
                               .definition = {R"({"type":"web_search"})"},
                               .dialect = "openai_responses"});
            r.tool_choice = tool_choice{.how = tool_choice::mode::function, .name = "f"};
        }
        if (maybe()) {
            r.temperature = number_text::from_json("0.7");
            r.max_completion_tokens = 5;
            r.reasoning = {.effort = "low", .summary = "auto"};
            r.response_format = response_format{
                .type = response_format::kind::json_schema, .name = "n", .schema = {"{}"}, .strict = true};
            r.verbosity = "low";
            r.store = maybe();
            r.metadata.text = R"({"k":"v"})";
        }
        if (maybe()) {
            r.extra.set("include", {R"(["reasoning.encrypted_content"])"});
            r.extra.set("previous_response_id", {"\"resp\""});
        }
        return r;
    }

    chat_response response()
    {
        chat_response r;
        r.id = "resp_" + word();
        r.created = 5;
        r.model = "m";
        r.service_tier = "default";
        r.usage = {.prompt_tokens = 9,
                   .completion_tokens = 8,
                   .total_tokens = 17,
                   .cached_tokens = 3,
                   .reasoning_tokens = 4,
                   .reported = true};
        r.extra.set("billing", {"{}"});
        chat_choice choice;
        std::vector<message> turn;
        add_turn(turn);
        choice.message = turn.front();
        choice.message.content_is_text = true;
        choice.finish_reason =
            choice.message.tool_calls.empty() ? finish_reason::stop : finish_reason::tool_calls;
        if (maybe()) {
            choice.message.extra.set("phase", {"\"final_answer\""});
            choice.message.annotations.text = R"([{"type":"url_citation","url_citation":{"url":"u"}}])";
        }
        const bool has_text = !choice.message.text().empty();
        if (!has_text) {
            choice.message.extra = {};
            choice.message.annotations = {};
        }
        r.choices.push_back(std::move(choice));
        return r;
    }

private:
    bool maybe() { return random_.below(2) == 0; }
    std::string word()
    {
        return std::string(1 + random_.below(8), static_cast<char>('a' + random_.below(26)));
    }
    std::string text() { return word() + "\n\"\\ \xC3\xA9 " + word(); }

    message input()
    {
        message m = user(text());
        m.role = maybe() ? role::user : role::developer;
        if (maybe()) {
            m.content_is_text = false;
            m.content.emplace_back(
                image_part{.source = {.url = {}, .data = "QQ==", .file_id = {}, .media_type = "image/png"},
                           .detail = "low"});
            m.content.emplace_back(
                file_part{.source = {.url = {}, .data = {}, .file_id = "f", .media_type = {}}});
            m.content.emplace_back(text_part{.text = text(), .cache = cache_mark{}});
        }
        return m;
    }

    void add_turn(std::vector<message>& out)
    {
        message m;
        m.role = role::assistant;
        if (maybe()) {
            const std::string id = "rs_" + word();
            m.content.emplace_back(reasoning_part{.text = text(), .id = id});
        }
        if (maybe()) {
            m.content.emplace_back(reasoning_part{.text = {}, .redacted = word(), .id = "rs_x" + word()});
        }
        m.content.emplace_back(text_part{.text = text()});
        for (std::size_t n = random_.below(3); n != 0; --n) {
            m.tool_calls.push_back(
                {.id = "call_" + std::to_string(n), .name = word(), .arguments = R"({"a":1})"});
            if (maybe()) {
                m.tool_calls.back().type = "custom";
                m.tool_calls.back().arguments = text();
            }
        }
        std::vector<tool_call> const calls = m.tool_calls;
        out.push_back(std::move(m));
        for (tool_call const& call : calls) {
            out.push_back(tool_result(call.id, text()));
        }
    }

    seeded random_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_responses_round_trip)

BOOST_AUTO_TEST_CASE(requests)
{
    for (std::uint64_t seed = 1; seed != 400; ++seed) {
        chat_request const before = maker(seed).request();
        auto const encoded = encode(before);
        BOOST_REQUIRE(encoded.has_value());
        auto const after = parse(encoded->body);
        BOOST_REQUIRE_MESSAGE(after.has_value(), (after ? "" : after.error()->message));
        BOOST_CHECK_MESSAGE(after->request == before, "seed " << seed << ": " << encoded->body);
    }
}

BOOST_AUTO_TEST_CASE(responses_whole)
{
    for (std::uint64_t seed = 1; seed != 400; ++seed) {
        chat_response const before = maker(seed).response();
        std::string const written = write(before);
        auto const after = decode(written);
        BOOST_REQUIRE(after.has_value());
        BOOST_CHECK_MESSAGE(*after == before, "seed " << seed << ": " << written);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses

// Bedrock's Mantle speaks OpenAI's two dialects: its recorded traffic through them.

#include "providers/openai_chat/dialect.hpp"
#include "providers/openai_responses/dialect.hpp"
#include "test/providers/bedrock_converse/support.hpp"

namespace cogate::test::bedrock {

namespace {

struct meaning {
    std::string text;
    std::vector<std::string> calls;
    std::int64_t prompt = 0;
    std::int64_t completion = 0;
};

meaning of_chat(bj::value const& answer)
{
    meaning out;
    out.text = text_at(answer.at("choices").at(0).at("message"), "content");
    out.prompt = number_at(answer.at("usage"), "prompt_tokens");
    out.completion = number_at(answer.at("usage"), "completion_tokens");
    return out;
}

meaning of_response(bj::value const& answer)
{
    meaning out;
    for (bj::value const& item : answer.at("output").as_array()) {
        if (text_at(item, "type") == "function_call") {
            out.calls.push_back(text_at(item, "call_id") + " " + text_at(item, "name") + " " +
                                text_at(item, "arguments"));
        } else if (text_at(item, "type") == "message") {
            for (bj::value const& part : item.at("content").as_array()) {
                out.text += text_at(part, "text");
            }
        }
    }
    out.prompt = number_at(answer.at("usage"), "input_tokens");
    out.completion = number_at(answer.at("usage"), "output_tokens");
    return out;
}

void check(chat_response const& ours, meaning const& theirs)
{
    message const& m = ours.choices.at(0).message;
    std::vector<std::string> calls;
    for (tool_call const& call : m.tool_calls) {
        calls.push_back(call.id + " " + call.name + " " + call.arguments);
    }
    BOOST_TEST(m.text() == theirs.text);
    BOOST_TEST(calls == theirs.calls, boost::test_tools::per_element());
    BOOST_TEST(ours.usage.prompt_tokens == theirs.prompt);
    BOOST_TEST(ours.usage.completion_tokens == theirs.completion);
}

/// The finished response that a stream ends with.
bj::value last_response(std::string const& stream)
{
    const std::size_t at_event = stream.rfind("\"type\":\"response.completed\"");
    const std::size_t begin = stream.rfind("data:", at_event) + 5;
    return oracle(stream.substr(begin, stream.find('\n', begin) - begin)).at("response");
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_bedrock_mantle)

BOOST_AUTO_TEST_CASE(recorded_chats)
{
    for (auto const& path : fixtures("bedrock-mantle/chat", ".response.json")) {
        const std::string body = read_file(path);
        const auto answer =
            providers::openai_chat::client().decode_chat({.body = body}, provider_context("m"));
        BOOST_REQUIRE(answer);
        check(*answer, of_chat(oracle(body)));
    }
}

BOOST_AUTO_TEST_CASE(recorded_responses)
{
    for (auto const& path : fixtures("bedrock-mantle/responses", ".response.json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            const std::string body = read_file(path);
            const auto answer =
                providers::openai_responses::client().decode_chat({.body = body}, provider_context("m"));
            BOOST_REQUIRE(answer);
            check(*answer, of_response(oracle(body)));
        }
    }
}

BOOST_AUTO_TEST_CASE(recorded_streams)
{
    for (auto const& path : fixtures("bedrock-mantle/responses", ".stream.txt")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            const std::string body = read_file(path);
            const decoded_stream out = decode_stream(providers::openai_responses::client(), "m", body);
            BOOST_REQUIRE_MESSAGE(!out.error, (out.error ? (*out.error)->message : ""));
            check(fold(out.chunks), of_response(last_response(body)));
            check_splits(providers::openai_responses::client(), "m", body);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::bedrock

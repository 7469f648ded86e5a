// Every recorded case of Ollama's own API. Its OpenAI surface (ollama/openai-chat) is the dialect
// openai_chat.

#include "providers/ollama/dialect.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "test/providers/natives.hpp"

#include <sstream>

namespace cogate::test::natives {

namespace {

namespace bj = boost::json;

auto const& client = providers::ollama::client;

std::string text_of(bj::value const& answer)
{
    bj::value const* message = at(answer, "message");
    return message != nullptr ? text_at(*message, "content") : text_at(answer, "response");
}

void check_end(chat_response const& ours, bj::value const& last)
{
    BOOST_TEST(ours.model == text_at(last, "model"));
    BOOST_TEST(ours.usage.prompt_tokens == number_at(last, "prompt_eval_count"));
    BOOST_TEST(ours.usage.completion_tokens == number_at(last, "eval_count"));
    BOOST_TEST((ours.choices[0].finish_reason == finish_reason::stop));
    BOOST_TEST(ours.created > 1700000000);
}

/// OpenAI's shape of a recorded request: calls with ids and texts for arguments, results that name them.
std::string twin_of(bj::value body)
{
    int calls = 0;
    for (bj::value& message : body.at("messages").as_array()) {
        if (bj::value* list = message.as_object().if_contains("tool_calls")) {
            for (bj::value& call : list->as_array()) {
                bj::object& function = call.at("function").as_object();
                function["arguments"] = bj::serialize(function["arguments"]);
                call.as_object()["id"] = "call_" + std::to_string(calls++);
                call.as_object()["type"] = "function";
            }
        } else if (text_at(message, "role") == "tool") {
            message.as_object()["tool_call_id"] = "call_" + std::to_string(calls - 1);
        }
    }
    for (char const* name : {"format", "options", "keep_alive", "tools"}) {
        body.as_object().erase(name);
    }
    return bj::serialize(body);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_ollama_recorded)

BOOST_AUTO_TEST_CASE(whole_answers)
{
    std::size_t seen = 0;
    for (char const* folder : {"ollama/native-chat", "ollama/native-generate"}) {
        for (auto const& path : fixtures(folder, ".response.json")) {
            BOOST_TEST_CONTEXT(path.filename().string())
            {
                std::string const body = read_file(path);
                auto const ours = client().decode_chat({.body = body}, provider_context("m"));
                BOOST_REQUIRE(ours.has_value());
                BOOST_TEST(ours->text() == text_of(oracle(body)));
                check_end(*ours, oracle(body));
                check_calls_are_json(*ours);
                ++seen;
            }
        }
    }
    BOOST_TEST((!shared_dir() || seen == 3U));
}

BOOST_AUTO_TEST_CASE(streams)
{
    std::size_t seen = 0;
    for (char const* folder : {"ollama/native-chat", "ollama/native-generate"}) {
        for (auto const& path : fixtures(folder, ".stream.ndjson")) {
            BOOST_TEST_CONTEXT(path.filename().string())
            {
                std::string const bytes = read_file(path);
                decoded const got = run(client(), bytes);
                BOOST_REQUIRE(!got.error);
                check_splits(client(), bytes);
                std::string text;
                bj::value last;
                std::istringstream lines(bytes);
                for (std::string line; std::getline(lines, line);) {
                    if (!line.empty()) {
                        last = oracle(line);
                        text += text_of(last);
                    }
                }
                chat_response const whole = fold(got.chunks);
                BOOST_TEST(whole.text() == text);
                check_end(whole, last);
                ++seen;
            }
        }
    }
    BOOST_TEST((!shared_dir() || seen == 2U));
}

BOOST_AUTO_TEST_CASE(requests)
{
    for (auto const& path : fixtures("ollama/native-generate", ".request.json")) {
        BOOST_TEST_MESSAGE("not covered: " << path.filename().string()
                                           << ": chat goes to /api/chat, never to the older /api/generate");
    }
    for (auto const& path : fixtures("ollama/native-chat", ".request.json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            bj::value theirs = oracle(read_file(path));
            auto const asked = providers::openai_chat::server().parse_chat(twin_of(theirs), {});
            BOOST_REQUIRE(asked.has_value());
            provider_context const context(text_at(theirs, "model"), asked->stream);
            bj::value ours = body_of(client().encode_chat(asked->request, context));
            // The client that was recorded does not say which tool a result is from.
            for (bj::value& message : ours.at("messages").as_array()) {
                message.as_object().erase("tool_name");
            }
            BOOST_TEST(without_nothing(ours) == without_nothing(theirs));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives

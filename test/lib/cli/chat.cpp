#include "lib/cli/chat_flags.hpp"
#include "lib/cli/chat_text.hpp"
#include "lib/cli/command.hpp"
#include "test/lib/cli/silence.hpp"

#include <boost/test/unit_test.hpp>

using namespace cogate;
using namespace cogate::cli;

BOOST_AUTO_TEST_SUITE(cli_chat)

BOOST_AUTO_TEST_CASE(arguments_become_flags)
{
    auto const parsed =
        parse_chat_flags({"Why", "is", "--model", "openai/x", "--max-tokens", "5", "--temperature", "0.7",
                          "--stream", "--json", "--system", "be brief", "the sky blue?"});
    BOOST_TEST_REQUIRE(parsed.index() == 0U);
    chat_flags const& flags = std::get<chat_flags>(parsed);
    BOOST_TEST(flags.text == "Why is the sky blue?");
    BOOST_TEST(flags.model == "openai/x");
    BOOST_TEST(flags.max_tokens.value() == 5);
    BOOST_TEST(flags.temperature == "0.7");
    BOOST_TEST(flags.stream.value());
    BOOST_TEST(flags.json);
    BOOST_TEST(flags.system == "be brief");
    BOOST_TEST(!std::get<chat_flags>(parse_chat_flags({"--no-stream", "a"})).stream.value());
    BOOST_TEST(!std::get<chat_flags>(parse_chat_flags({"a"})).stream.has_value());
}

BOOST_AUTO_TEST_CASE(bad_flags_are_usage_errors)
{
    silence const quiet;
    std::vector<std::vector<std::string>> const bad{{"--temperature", "warm", "a"},
                                                    {"--temperature", "0.7.1", "a"},
                                                    {"--temperature", "00", "a"},
                                                    {"--temperature", "1,2", "a"},
                                                    {"--max-tokens", "0", "a"},
                                                    {"--max-tokens", "many", "a"},
                                                    {"--stream", "--no-stream"},
                                                    {"--api-key-env", "X", "a"},
                                                    {"--nonsense"},
                                                    {"--config", "a", "--base-url", "http://h"}};
    for (auto const& args : bad) {
        auto const parsed = parse_chat_flags(args);
        BOOST_TEST_REQUIRE(parsed.index() == 1U, args.front());
        BOOST_TEST(std::get<int>(parsed) == exit_usage);
    }
    BOOST_TEST(std::get<int>(parse_chat_flags({"--help"})) == exit_good);
}

BOOST_AUTO_TEST_CASE(prompts)
{
    BOOST_TEST(join_prompt("a", "") == "a");
    BOOST_TEST(join_prompt("", "b\n") == "b");
    BOOST_TEST(join_prompt("a", "b\n\n") == "a\n\nb\n");
    BOOST_TEST(join_prompt("", "") == "");
}

BOOST_AUTO_TEST_CASE(models_when_none_is_named)
{
    std::vector<model> const demo{{"demo/*", "demo", "*"}};
    std::vector<model> const with_key{{"openai/*", "openai", "*"}, {"demo/*", "demo", "*"}};
    std::vector<model> const config{{"any*", "openai", "*"}, {"fast", "openai", "gpt-4o-mini"}};
    BOOST_TEST(default_model("", demo) == "demo/echo");
    BOOST_TEST(default_model("", with_key) == "openai/gpt-4o-mini");
    BOOST_TEST(default_model("", config) == "fast");
    BOOST_TEST(default_model("mine", config) == "mine");
}

BOOST_AUTO_TEST_CASE(an_answer_cannot_drive_the_terminal)
{
    BOOST_TEST(terminal_text("a\tb\nc") == "a\tb\nc");
    BOOST_TEST(terminal_text("\x1B]0;title\x07"
                             "x") == "]0;titlex");
    BOOST_TEST(terminal_text("over\rwritten\b") == "overwritten");
    BOOST_TEST(terminal_text("\xC2\x9B"
                             "31m") == "31m");
    BOOST_TEST(terminal_text("caf\xC3\xA9 \xC2\xA0 \xE2\x82\xAC") == "caf\xC3\xA9 \xC2\xA0 \xE2\x82\xAC");
}

BOOST_AUTO_TEST_CASE(failures_say_what_to_do)
{
    failure wrong_key{error_kind::authentication, "no"};
    wrong_key.with_provider("openai");
    BOOST_TEST(advice(wrong_key) == "Check the key in OPENAI_API_KEY.");
    failure busy{error_kind::rate_limit, "slow down"};
    busy.with_retry_after(std::chrono::milliseconds(1500));
    BOOST_TEST(advice(busy) == "Try again in 2 s.");
    BOOST_TEST(advice(failure{error_kind::invalid_request, "bad"}) == "");
}

BOOST_AUTO_TEST_CASE(events_become_lines)
{
    BOOST_TEST(json_lines("data: {\"a\":1}\n\ndata: {\"b\":2}\n\n") == "{\"a\":1}\n{\"b\":2}\n");
    BOOST_TEST(json_lines(": comment\n\n") == "");
}

BOOST_AUTO_TEST_SUITE_END()

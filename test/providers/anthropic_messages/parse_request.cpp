#include "test/providers/anthropic_messages/support.hpp"

namespace cogate::test::anthropic {

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_parse_request)

BOOST_AUTO_TEST_CASE(every_field_has_its_place)
{
    const chat_request r = parsed(R"({
        "model": "m", "max_tokens": 300, "system": "Be brief.",
        "messages": [{"role": "user", "content": "Hi"}],
        "temperature": 0.50, "top_p": 0.9, "top_k": 5, "stop_sequences": ["a", "b"],
        "metadata": {"user_id": "u1"}, "service_tier": "standard_only",
        "thinking": {"type": "enabled", "budget_tokens": 1500},
        "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": {"type": "object"}}},
        "tools": [{"name": "f", "description": "d", "input_schema": {"type": "object"}, "strict": true,
                   "cache_control": {"type": "ephemeral", "ttl": "1h"}, "defer_loading": true},
                  {"type": "web_search_20250305", "name": "web_search", "max_uses": 2}],
        "tool_choice": {"type": "tool", "name": "f", "disable_parallel_tool_use": true},
        "container": "c1"})");
    BOOST_TEST(r.model == "m");
    BOOST_TEST(r.max_completion_tokens.value() == 300);
    BOOST_TEST(!r.max_tokens);
    BOOST_REQUIRE_EQUAL(r.messages.size(), 2U);
    BOOST_TEST((r.messages[0] == system("Be brief.")));
    BOOST_TEST((r.messages[1] == user("Hi")));
    BOOST_TEST(r.temperature.text() == "0.50");
    BOOST_TEST(r.top_p.text() == "0.9");
    BOOST_TEST(r.top_k.value() == 5);
    BOOST_TEST((r.stop == std::vector<std::string>{"a", "b"}));
    BOOST_TEST(r.user == "u1");
    BOOST_TEST(r.service_tier == "default");
    BOOST_TEST(r.reasoning.budget_tokens.value() == 1500);
    BOOST_TEST(r.reasoning.enabled.value());
    BOOST_TEST(r.reasoning.effort == "low");
    BOOST_TEST((r.response_format->type == response_format::kind::json_schema));
    BOOST_TEST(r.response_format->schema.text == R"({"type": "object"})");
    BOOST_REQUIRE_EQUAL(r.tools.size(), 2U);
    BOOST_TEST(r.tools[0].name == "f");
    BOOST_TEST(r.tools[0].description == "d");
    BOOST_TEST(r.tools[0].strict.value());
    BOOST_TEST(r.tools[0].cache->ttl == "1h");
    BOOST_TEST(r.tools[0].extra.find("defer_loading")->text == "true");
    BOOST_TEST(r.tools[1].type == "web_search_20250305");
    BOOST_TEST(oracle(r.tools[1].definition.text).at("max_uses").as_int64() == 2);
    BOOST_TEST((r.tool_choice->how == tool_choice::mode::function));
    BOOST_TEST(r.tool_choice->name == "f");
    BOOST_TEST(r.parallel_tool_calls.value() == false);
    BOOST_TEST(r.extra_dialect == "anthropic_messages");
    BOOST_TEST(r.extra.size() == 1U);
    BOOST_TEST(r.extra.find("container")->text == R"("c1")");
}

BOOST_AUTO_TEST_CASE(tool_results_become_messages)
{
    const chat_request r = parsed(R"({"model": "m", "max_tokens": 1, "messages": [
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "hm", "signature": "s"},
            {"type": "redacted_thinking", "data": "d"},
            {"type": "text", "text": "Calling."},
            {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}},
            {"type": "tool_use", "id": "t2", "name": "g", "input": {}}]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": "one"},
            {"type": "tool_result", "tool_use_id": "t2", "is_error": true, "content": [
                {"type": "text", "text": "two"},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"}}]},
            {"type": "text", "text": "Go on.", "cache_control": {"type": "ephemeral"}}]}]})");
    BOOST_REQUIRE_EQUAL(r.messages.size(), 4U);
    message const& calling = r.messages[0];
    BOOST_REQUIRE_EQUAL(calling.content.size(), 3U);
    BOOST_TEST(std::get<reasoning_part>(calling.content[0]).signature == "s");
    BOOST_TEST(std::get<reasoning_part>(calling.content[1]).redacted == "d");
    BOOST_REQUIRE_EQUAL(calling.tool_calls.size(), 2U);
    BOOST_TEST(calling.tool_calls[0].arguments == R"({"a": 1})");
    BOOST_TEST((r.messages[1] == tool_result("t1", "one")));
    BOOST_TEST((r.messages[2].role == role::tool));
    BOOST_TEST(r.messages[2].tool_error);
    BOOST_TEST(std::get<image_part>(r.messages[2].content[1]).source.media_type == "image/png");
    BOOST_TEST((r.messages[3].role == role::user));
    BOOST_TEST(std::get<text_part>(r.messages[3].content[0]).cache.has_value());
}

BOOST_AUTO_TEST_CASE(documents_and_blocks_of_other_kinds)
{
    const chat_request r =
        parsed(R"({"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": [
        {"type": "document", "title": "t", "source": {"type": "text", "media_type": "text/plain", "data": "abc"},
         "citations": {"enabled": true}},
        {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
        {"type": "image", "source": {"type": "url", "url": "https://e.org/a.png"}},
        {"type": "document", "source": {"type": "content", "content": "x"}},
        {"type": "search_result", "source": "s", "title": "t", "content": []}]}]})");
    auto const& parts = r.messages.at(0).content;
    BOOST_REQUIRE_EQUAL(parts.size(), 5U);
    BOOST_TEST(std::get<file_part>(parts[0]).source.data == "YWJj");
    BOOST_TEST(std::get<file_part>(parts[0]).filename == "t");
    BOOST_TEST(std::get<file_part>(parts[0]).extra.find("citations") != nullptr);
    BOOST_TEST(std::get<file_part>(parts[1]).source.file_id == "file_1");
    BOOST_TEST(std::get<image_part>(parts[2]).source.url == "https://e.org/a.png");
    BOOST_TEST(std::get<unknown_part>(parts[3]).type == "document");
    BOOST_TEST(std::get<unknown_part>(parts[4]).type == "search_result");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named)
{
    struct row {
        char const* body;
        char const* code;
        char const* param;
    };
    for (
        row const& r : {
            row{R"([])", "invalid_json", ""},
            row{R"({"model":"m","model":"n"})", "duplicate_field", "model"},
            row{R"({"max_tokens":1,"messages":[{"role":"user","content":"x"}]})",
                "missing_required_parameter", "model"},
            row{R"({"model":"m","messages":[{"role":"user","content":"x"}]})", "missing_required_parameter",
                "max_tokens"},
            row{R"({"model":"m","max_tokens":1})", "missing_required_parameter", "messages"},
            row{R"({"model":"m","max_tokens":1,"messages":[]})", "invalid_value", "messages"},
            row{R"({"model":"m","max_tokens":"1","messages":[{"role":"user","content":"x"}]})",
                "invalid_type", "max_tokens"},
            row{R"({"model":"m","max_tokens":1,"messages":[{"role":"tool","content":"x"}]})", "invalid_value",
                "messages[0].role"},
            row{R"({"model":"m","max_tokens":1,"messages":[{"role":"user"}]})", "missing_required_parameter",
                "messages[0].content"},
            row{R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"text","text":3}]}]})",
                "invalid_type", "messages[0].content[0].text"},
            row{R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"tool_result"}]}]})",
                "missing_required_parameter", "messages[0].content[0].tool_use_id"},
            row{R"({"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[)"
                R"({"type":"tool_use","id":"i","name":"n","input":"{}"}]}]})",
                "invalid_type", "messages[0].content[0].input"},
            row{R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"tools":[{}]})",
                "missing_required_parameter", "tools[0].name"},
            row{R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"tool_choice":"auto"})",
                "invalid_type", "tool_choice"},
            row{R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"stop_sequences":[1]})",
                "invalid_type", "stop_sequences[0]"},
        }) {
        failure const why = refused(r.body);
        BOOST_TEST_CONTEXT(r.body)
        {
            BOOST_TEST((why->kind == error_kind::invalid_request));
            BOOST_TEST(why->status == 400);
            BOOST_TEST(why->code == r.code);
            BOOST_TEST(why->param == r.param);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic

// Claude through InvokeModel: Anthropic's dialect in Bedrock's envelope, by hand and as recorded.

#include "providers/bedrock/dialect.hpp"
#include "test/providers/bedrock_converse/support.hpp"

#include "lib/core/text.hpp"
#include "providers/anthropic_messages/dialect.hpp"

namespace cogate::test::bedrock {

namespace {

constexpr char model[] = "us.anthropic.claude-3-5-sonnet-20240620-v1:0";

providers::client_dialect const& dialect()
{
    return providers::bedrock::anthropic_client();
}

std::string chunk(std::string const& event)
{
    return aws_event("chunk", "{\"bytes\":\"" + core::base64_encode(event) + "\",\"p\":\"abc\"}");
}

/// A whole stream of Anthropic's in frames.
std::string stream()
{
    return chunk(
               R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",
               "model":"c",               
               "content":[],"stop_reason":null,"usage":{"input_tokens":3,"output_tokens":1}}})") +
           chunk(R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})") +
           chunk(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}})") +
           chunk(R"({"type":"content_block_stop","index":0})") +
           chunk(
               R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5}})") +
           chunk(R"({"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":3}})");
}

/// Recorded, but not spoken, as test/providers/recorded_cases.txt says.
constexpr std::string_view not_spoken[] = {
    "ol-anthropic-2-completion-0",
    "ot-invoke-model-no-content-cohere-command-0",
    "ot-invoke-model-no-content-cohere-command-r-0",
    "ot-invoke-model-no-content-mistral-mistral-0",
    "ot-invoke-model-with-response-stream-close-before-consumption-amazon-nova-0",
    "ot-invoke-model-with-response-stream-close-before-consumption-amazon-titan-0",
};

bool is_spoken(std::filesystem::path const& path)
{
    for (std::string_view const name : not_spoken) {
        if (path.filename().string().starts_with(std::string(name) + ".")) {
            return false;
        }
    }
    return true;
}

std::string model_of(bj::value const& meta)
{
    const std::string url = text_at(meta, "url");
    const std::size_t begin = url.find("/model/") + 7;
    std::string out = url.substr(begin, url.rfind('/') - begin);
    if (const std::size_t colon = out.find("%3A"); colon != std::string::npos) {
        out.replace(colon, 3, ":");
    }
    return out;
}

void check_answer(chat_response const& ours, bj::value const& theirs)
{
    std::string text;
    std::vector<std::string> calls;
    for (bj::value const& block : theirs.at("content").as_array()) {
        text += text_at(block, "text");
        if (text_at(block, "type") == "tool_use") {
            calls.push_back(text_at(block, "id") + " " + text_at(block, "name") + " " +
                            bj::serialize(block.at("input")));
        }
    }
    message const& m = ours.choices.at(0).message;
    BOOST_TEST(m.text() == text);
    BOOST_REQUIRE_EQUAL(m.tool_calls.size(), calls.size());
    for (std::size_t i = 0; i != calls.size(); ++i) {
        tool_call const& call = m.tool_calls[i];
        BOOST_TEST(call.id + " " + call.name + " " + bj::serialize(oracle(call.arguments)) == calls[i]);
    }
    bj::value const& tokens = theirs.at("usage");
    BOOST_TEST(ours.usage.prompt_tokens == number_at(tokens, "input_tokens") +
                                               number_at(tokens, "cache_read_input_tokens") +
                                               number_at(tokens, "cache_creation_input_tokens"));
    BOOST_TEST(ours.usage.completion_tokens == number_at(tokens, "output_tokens"));
    BOOST_TEST(ours.id == text_at(theirs, "id"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_bedrock_invoke)

BOOST_AUTO_TEST_CASE(the_body_has_a_version_and_no_model)
{
    chat_request asked{.model = "m", .messages = {user("hi")}};
    asked.max_tokens = 5;
    const auto whole = dialect().encode_chat(asked, provider_context(model));
    BOOST_REQUIRE(whole);
    BOOST_TEST(whole->path == "/model/us.anthropic.claude-3-5-sonnet-20240620-v1%3A0/invoke");
    const bj::value body = oracle(whole->body);
    BOOST_TEST(text_at(body, "anthropic_version") == "bedrock-2023-05-31");
    BOOST_TEST(at(body, "model") == nullptr);
    BOOST_TEST(at(body, "stream") == nullptr);
    BOOST_TEST(number_at(body, "max_tokens") == 5);
    const auto streamed = dialect().encode_chat(asked, provider_context(model, true));
    BOOST_TEST(streamed->path.ends_with("/invoke-with-response-stream"));
    BOOST_TEST(at(oracle(streamed->body), "stream") == nullptr);
    BOOST_TEST(dialect().encode_chat(asked, provider_context("invoke/x"))->path == "/model/x/invoke");
}

BOOST_AUTO_TEST_CASE(events_come_out_of_chunks)
{
    const decoded_stream out = decode_stream(dialect(), model, stream());
    BOOST_REQUIRE_MESSAGE(!out.error, (out.error ? (*out.error)->message : ""));
    const chat_response answer = fold(out.chunks);
    BOOST_TEST(answer.text() == "Hi");
    BOOST_TEST(answer.usage.prompt_tokens == 3);
    BOOST_TEST(answer.usage.completion_tokens == 5);
    BOOST_TEST((answer.choices.at(0).finish_reason == finish_reason::stop));
    check_splits(dialect(), model, stream());
}

BOOST_AUTO_TEST_CASE(what_breaks_a_stream)
{
    const std::string all = stream();
    const std::string last =
        chunk(R"({"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":3}})");
    const decoded_stream cut = decode_stream(dialect(), model, all.substr(0, all.size() - last.size()));
    BOOST_REQUIRE(cut.error);
    BOOST_TEST(((*cut.error)->kind == error_kind::truncated));
    for (std::string const& bad :
         {aws_event("chunk", R"({"bytes":"!"})"), aws_event("chunk", "{"), chunk("no JSON")}) {
        const decoded_stream out = decode_stream(dialect(), model, bad);
        BOOST_REQUIRE(out.error);
        BOOST_TEST(((*out.error)->kind == error_kind::bad_gateway));
    }
    const decoded_stream slow = decode_stream(
        dialect(), model,
        aws_text_frame({{":message-type", "exception"}, {":exception-type", "throttlingException"}}, "{}"));
    BOOST_REQUIRE(slow.error);
    BOOST_TEST(((*slow.error)->kind == error_kind::rate_limit));
}

BOOST_AUTO_TEST_CASE(recorded_answers)
{
    std::vector<std::filesystem::path> answers = fixtures("bedrock/invoke", ".response.json");
    for (auto const& path : fixtures("bedrock/invoke-with-response-stream", ".response.json")) {
        answers.push_back(path);
    }
    for (auto const& path : answers) {
        if (!is_spoken(path)) {
            continue;
        }
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            const std::string body = read_file(path);
            const bj::value meta = oracle(beside(path, "response.json", "meta.json"));
            if (number_at(meta, "status") != 200) {
                const std::vector<wire::header> headers = {
                    {"x-amzn-errortype", "ValidationException:http://x"}};
                BOOST_TEST((dialect().decode_error(400, headers, body, {})->kind == error_kind::not_found));
                continue;
            }
            const auto answer = dialect().decode_chat({.body = body}, provider_context(model_of(meta)));
            BOOST_REQUIRE(answer);
            check_answer(*answer, oracle(body));
        }
    }
}

BOOST_AUTO_TEST_CASE(recorded_streams)
{
    for (auto const& path : fixtures("bedrock/invoke-with-response-stream", ".stream.bin")) {
        if (!is_spoken(path)) {
            continue;
        }
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            std::string text;
            std::map<std::int64_t, std::string> inputs;
            std::int64_t output_tokens = 0;
            const std::string lines = beside(path, "stream.bin", "decoded.jsonl");
            for (std::string_view const line : core::split(lines, '\n')) {
                if (line.empty()) {
                    continue;
                }
                const bj::value event =
                    oracle(*core::base64_decode(text_at(oracle(line).at("payload"), "bytes")));
                if (bj::value const* delta = at(event, "delta")) {
                    text += text_at(*delta, "text");
                    if (text_at(*delta, "type") == "input_json_delta") {
                        inputs[number_at(event, "index")] += text_at(*delta, "partial_json");
                    }
                }
                if (bj::value const* tokens = at(event, "usage")) {
                    output_tokens = number_at(*tokens, "output_tokens");
                }
            }
            const std::string bytes = read_file(path);
            const decoded_stream out = decode_stream(dialect(), model, bytes);
            BOOST_REQUIRE_MESSAGE(!out.error, (out.error ? (*out.error)->message : ""));
            const chat_response answer = fold(out.chunks);
            BOOST_TEST(answer.text() == text);
            BOOST_TEST(answer.usage.completion_tokens == output_tokens);
            BOOST_REQUIRE_EQUAL(answer.choices.at(0).message.tool_calls.size(), inputs.size());
            std::size_t i = 0;
            for (auto const& [index, input] : inputs) {
                BOOST_TEST((oracle(answer.choices[0].message.tool_calls[i++].arguments) == oracle(input)));
            }
            check_splits(dialect(), model, bytes);
        }
    }
}

BOOST_AUTO_TEST_CASE(recorded_requests)
{
    for (std::string const folder : {"bedrock/invoke", "bedrock/invoke-with-response-stream"}) {
        for (auto const& path : fixtures(folder, ".request.json")) {
            if (!is_spoken(path)) {
                continue;
            }
            BOOST_TEST_CONTEXT(path.filename().string())
            {
                const bj::value theirs = oracle(read_file(path));
                const std::string name = model_of(oracle(beside(path, "request.json", "meta.json")));
                // As a client of /v1/messages would say it.
                bj::object said = theirs.as_object();
                said.erase("anthropic_version");
                said["model"] = name;
                const auto parsed =
                    providers::anthropic_messages::server().parse_chat(bj::serialize(said), {});
                BOOST_REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error()->message));
                const auto encoded = dialect().encode_chat(
                    parsed->request, provider_context(name, folder.ends_with("stream")));
                BOOST_REQUIRE_MESSAGE(encoded.has_value(), (encoded ? "" : encoded.error()->message));
                BOOST_TEST((oracle(encoded->body) == theirs), encoded->body);
            }
        }
    }
}

/// Counting tokens has no place among the operations of a client dialect yet; its errors do.
BOOST_AUTO_TEST_CASE(recorded_token_counts)
{
    for (auto const& path : fixtures("bedrock/count-tokens", ".response.json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            const std::string body = read_file(path);
            if (number_at(oracle(beside(path, "response.json", "meta.json")), "status") == 200) {
                BOOST_TEST_MESSAGE("not covered: " << path.filename().string()
                                                   << ": no operation to count tokens");
                continue;
            }
            const failure why = dialect().decode_error(400, {}, body, {});
            BOOST_TEST((why->kind == error_kind::invalid_request));
            BOOST_TEST(why->message == text_at(oracle(body), "message"));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::bedrock

#include "test/providers/openai_chat/support.hpp"

namespace cogate::test {

namespace {

using providers::express_request;
using providers::spliced_body;
using providers::stream_relay;

providers::express_lane const& lane()
{
    return providers::openai_chat::server().chat_express();
}

struct splice_row {
    std::string before;
    std::string after;
};

std::string spliced(std::string const& body, std::string_view model, std::size_t* pieces = nullptr)
{
    auto const request = lane().read(body, {});
    if (!request) {
        return "refused: " + request.error()->message;
    }
    spliced_body out;
    (*request)->splice(model, out);
    if (pieces != nullptr) {
        *pieces = out.count;
    }
    BOOST_TEST(out.size() == joined(out).size());
    // No copy of the body: what is not inserted points into it.
    for (std::size_t i = 0; i != out.count; ++i) {
        const std::string_view piece = out.pieces[i];
        const bool of_body =
            piece.data() >= body.data() && piece.data() + piece.size() <= body.data() + body.size();
        const bool of_inserted = std::any_of(out.inserted.begin(), out.inserted.end(),
                                             [&](std::string const& s) { return s.data() == piece.data(); });
        BOOST_TEST((of_body || of_inserted));
    }
    return joined(out);
}

const std::string messages =
    R"("messages":[{"role":"user","content":"the \"model\":\"m\" and \"usage\": {} stay"}])";

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_chat_express)

BOOST_AUTO_TEST_CASE(splices)
{
    const std::string usage_on = R"("stream_options":{"include_usage":true})";
    for (
        splice_row const& r : {
            splice_row{R"({"model":"m",)" + messages + "}", R"({"model":"up",)" + messages + "}"},
            {"{" + messages + R"(,"model" : "m" })", "{" + messages + R"(,"model" : "up" })"},
            {R"({"mod\u0065l":"\u006d",)" + messages + "}", R"({"mod\u0065l":"up",)" + messages + "}"},
            {R"({"model":"m","metadata":{"model":"m","stream":true},)" + messages + "}",
             R"({"model":"up","metadata":{"model":"m","stream":true},)" + messages + "}"},
            {R"({"model":"m","stream":false,)" + messages + "}",
             R"({"model":"up","stream":false,)" + messages + "}"},
            {R"({"model":"m","stream":null,"stream_options":null,)" + messages + "}",
             R"({"model":"up","stream":null,"stream_options":null,)" + messages + "}"},
            {R"({"model":"m","stream":true,)" + messages + "}",
             "{" + usage_on + R"(,"model":"up","stream":true,)" + messages + "}"},
            {"{" + messages + R"(, "stream":true,"model":"m"})",
             "{" + messages + R"(, "stream":true,)" + usage_on + R"(,"model":"up"})"},
            {R"({"stream":true,"stream_options":null,"model":"m",)" + messages + "}",
             R"({"stream":true,)" + usage_on + R"(,"model":"up",)" + messages + "}"},
            {R"({"model":"m","stream":true,"stream_options":{},)" + messages + "}",
             R"({"model":"up","stream":true,)" + usage_on + "," + messages + "}"},
            {R"({"model":"m","stream":true,"stream_options": { "x":[1]},)" + messages + "}",
             R"({"model":"up","stream":true,"stream_options": {"include_usage":true, "x":[1]},)" + messages +
                 "}"},
            {R"({"model":"m","stream":true,"stream_options":{"include_usage":false},)" + messages + "}",
             R"({"model":"up","stream":true,)" + usage_on + "," + messages + "}"},
            {R"({"model":"m","stream":true,"stream_options":{"a":{"include_usage":false},"include_usage":null},)" +
                 messages + "}",
             R"({"model":"up","stream":true,"stream_options":{"a":{"include_usage":false},"include_usage":true},)" +
                 messages + "}"},
            {R"({"model":"m","stream":true,"stream_options":{"include_usage":true},)" + messages + "}",
             R"({"model":"up","stream":true,)" + usage_on + "," + messages + "}"},
        }) {
        BOOST_TEST(spliced(r.before, "up") == r.after);
        BOOST_CHECK_NO_THROW(oracle(r.after));
    }
}

BOOST_AUTO_TEST_CASE(nothing_to_change_is_one_piece)
{
    std::size_t pieces = 0;
    const std::string body = " {\"model\":\"m\"," + messages + "}\n";
    BOOST_TEST(spliced(body, "m", &pieces) == body);
    BOOST_TEST(pieces == 1U);
    const std::string streamed =
        R"({"stream":true,"stream_options":{"include_usage":true},"model":"m",)" + messages + "}";
    BOOST_TEST(spliced(streamed, "m", &pieces) == streamed);
    BOOST_TEST(pieces == 1U);
    BOOST_TEST(spliced(body, "a\"b\\") == " {\"model\":\"a\\\"b\\\\\"," + messages + "}\n");
}

BOOST_AUTO_TEST_CASE(facts)
{
    auto const r = lane().read(
        R"({"model":"a\/b","stream":true,"stream_options":{"include_usage":true},)" + messages + "}", {});
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST((*r)->facts().model == "a/b");
    BOOST_TEST((*r)->facts().stream);
    BOOST_TEST((*r)->facts().wants_usage);
}

BOOST_AUTO_TEST_CASE(refusals_name_the_field)
{
    struct row {
        std::string body;
        std::string param;
        std::string code;
    };
    for (row const& r : {
             row{"{" + messages + "}", "model", "missing_required_parameter"},
             {R"({"model":null,)" + messages + "}", "model", "missing_required_parameter"},
             {R"({"model":"",)" + messages + "}", "model", "missing_required_parameter"},
             {R"({"model":7,)" + messages + "}", "model", "invalid_type"},
             {R"({"model":"m"})", "messages", "missing_required_parameter"},
             {R"({"model":"m","messages":{}})", "messages", "invalid_type"},
             {R"({"model":"m","messages":[ ]})", "messages", "invalid_value"},
             {R"({"model":"m","stream":"true",)" + messages + "}", "stream", "invalid_type"},
             {R"({"model":"m","stream_options":[],)" + messages + "}", "stream_options", "invalid_type"},
             {R"({"model":"m","stream_options":{"include_usage":1},)" + messages + "}",
              "stream_options.include_usage", "invalid_type"},
             {R"({"model":"m","stream_options":{"a":1,"a":1},)" + messages + "}", "stream_options",
              "duplicate_field"},
             {R"({"model":"m","mod\u0065l":"n",)" + messages + "}", "model", "duplicate_field"},
             {R"({"model":"m",)" + messages + "} x", "", "invalid_json"},
             {R"({"model":"m","a":[1,],)" + messages + "}", "", "invalid_json"},
             {"[]", "", "invalid_json"},
             {"", "", "invalid_json"},
         }) {
        BOOST_TEST_CONTEXT(r.body)
        {
            auto const read = lane().read(r.body, {});
            BOOST_REQUIRE(!read.has_value());
            BOOST_TEST(read.error()->status == 400);
            BOOST_TEST(read.error()->param == r.param);
            BOOST_TEST(read.error()->code == r.code);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_lane_and_the_parser_agree)
{
    seeded random(3);
    const std::string good =
        R"({"model":"m","stream":true,"stream_options":{"include_usage":true,"x":1},)" + messages + "}";
    int refused = 0;
    for (int round = 0; round != 3000; ++round) {
        std::string body = good;
        body[random.below(body.size())] = "{}[]\",:0\\ m"[random.below(11)];
        bool stream = false;
        auto const express = lane().read(body, {});
        auto const parsed = test::parse_chat(body, stream);
        // The lane looks at fewer fields, so it may accept more, never less.
        BOOST_CHECK_MESSAGE(!parsed || express, body);
        refused += express ? 0 : 1;
        if (express && parsed) {
            BOOST_TEST((*express)->facts().model == parsed->model);
            BOOST_TEST((*express)->facts().stream == stream);
        }
    }
    BOOST_TEST(refused > 500);
}

namespace {

std::vector<stream_relay::verdict> relay(stream_relay& to, std::vector<std::string> const& events)
{
    std::vector<stream_relay::verdict> out;
    for (std::string const& e : events) {
        out.push_back(to.on_event(e));
    }
    return out;
}

const std::string first =
    R"({"id":"i","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null})";
const std::string hostile =
    R"({"id":"i","choices":[{"index":0,"delta":{"content":"\"usage\":{\"total_tokens\":9},\"error\":{},\"choices\":[],\"finish_reason\":\"stop\" \"error\" [DONE]"},"finish_reason":null}],"usage":null})";
const std::string stop =
    R"({"id":"i","choices":[{"index":0,"delta":{},"finish_reason": "stop"}],"usage":null})";
const std::string counted =
    R"({"id":"i","choices": [ ],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})";

} // namespace

BOOST_AUTO_TEST_CASE(one_usage_event_is_dropped)
{
    using verdict = stream_relay::verdict;
    for (bool const wants : {false, true}) {
        auto const r = lane().relay({.model = "m", .stream = true, .wants_usage = wants});
        auto const verdicts =
            relay(*r, {first, "", hostile, stop, R"({"choices":[],"moderation":{}})", counted, "[DONE]"});
        const std::vector<verdict> expected = {verdict::forward, verdict::forward,
                                               verdict::forward, verdict::forward,
                                               verdict::forward, wants ? verdict::forward : verdict::drop,
                                               verdict::forward};
        BOOST_TEST((verdicts == expected));
        BOOST_TEST(r->facts().usage.total_tokens == 5);
        BOOST_TEST(r->facts().ended);
        BOOST_TEST(!r->facts().error);
        BOOST_TEST(r->finish().has_value());
    }
}

BOOST_AUTO_TEST_CASE(usage_on_a_chunk_with_choices_passes)
{
    auto const r = lane().relay({.model = "m", .stream = true});
    BOOST_TEST((
        r->on_event(
            R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})") ==
        stream_relay::verdict::forward));
    BOOST_TEST(r->facts().usage.completion_tokens == 2);
    BOOST_TEST(r->facts().content_seen);
    BOOST_TEST(r->finish().has_value());
}

BOOST_AUTO_TEST_CASE(words_in_the_text_mean_nothing)
{
    auto const r = lane().relay({.model = "m", .stream = true});
    relay(*r, {first});
    BOOST_TEST(!r->facts().content_seen);
    relay(*r, {hostile, hostile});
    BOOST_TEST(r->facts().content_seen);
    BOOST_TEST(!r->facts().ended);
    BOOST_TEST(!r->facts().usage.reported);
    BOOST_TEST(!r->facts().error);
    result<void> const end = r->finish();
    BOOST_REQUIRE(!end.has_value());
    BOOST_TEST((end.error()->kind == error_kind::truncated));
}

BOOST_AUTO_TEST_CASE(errors_in_band)
{
    for (std::string const& bad :
         {std::string(R"({"error":{"message":"m","code":429}})"), std::string(R"({"error" : "m"})"),
          std::string(R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})"),
          std::string(R"({"object":"error","message":"m"})"),
          std::string(R"({"choices":[{"index":0,"delta":{},"finish_reason":"error"}]})")}) {
        auto const r = lane().relay({.model = "m", .stream = true});
        relay(*r, {first, hostile, bad, "[DONE]"});
        BOOST_REQUIRE_MESSAGE(r->facts().error, bad);
        BOOST_TEST(!r->finish().has_value());
    }
    auto const fine = lane().relay({.model = "m", .stream = true});
    relay(*fine, {first, hostile, R"({"choices":[{"index":0,"delta":{"content":"x"}}],"error":null})", stop});
    BOOST_TEST(!fine->facts().error);
}

BOOST_AUTO_TEST_CASE(whole_answers_are_looked_into)
{
    auto const good = lane().inspect(
        R"({"choices":[{"message":{"content":"\"error\":1"}}],"usage":{"prompt_tokens":3,"total_tokens":4}})");
    BOOST_REQUIRE(good.has_value());
    BOOST_TEST(good->usage.prompt_tokens == 3);
    BOOST_TEST(good->content_seen);
    BOOST_TEST(!good->error);
    auto const error = lane().inspect(R"({"error":{"message":"m","code":502}})");
    BOOST_REQUIRE((error.has_value() && error->error));
    BOOST_TEST(((*error->error)->kind == error_kind::bad_gateway));
    auto const twice = lane().inspect(R"({"a":1,"a":2,"choices":[{}],"usage":{"total_tokens":4}})");
    BOOST_REQUIRE(twice.has_value());
    BOOST_TEST(twice->usage.total_tokens == 4);
    for (char const* bad : {"", "<html>", "{}", "[1]", "{\"choices\":7}", "{\"choices\":[}"}) {
        BOOST_CHECK_MESSAGE(!lane().inspect(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_CASE(recorded_streams_agree_with_the_decoder)
{
    for (char const* service : {"openai", "azure", "groq", "mistral", "deepseek", "openrouter", "perplexity",
                                "vllm", "zai", "crusoe"}) {
        for (auto const& path : fixtures(std::string(service) + "/chat", ".stream.txt")) {
            BOOST_TEST_CONTEXT(path.filename().string())
            {
                const std::string bytes = read_file(path);
                decoded_stream const decoded = decode_stream(bytes);
                auto const r = lane().relay({.model = "m", .stream = true});
                wire::sse_reader reader;
                wire::sse_event event;
                int dropped = 0;
                for (std::string_view rest = bytes; reader.next(rest, event) == wire::sse_status::event;) {
                    dropped += r->on_event(event.data) == stream_relay::verdict::drop ? 1 : 0;
                }
                BOOST_TEST(r->finish().has_value() == !decoded.error.has_value());
                BOOST_TEST(dropped <= 1);
                if (!decoded.error) {
                    BOOST_TEST((r->facts().usage == fold(decoded.chunks).usage));
                    BOOST_TEST(r->facts().content_seen);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test

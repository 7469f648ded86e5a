#include "test/providers/openai_completions/support.hpp"

#include <sstream>

namespace cogate::test::completions {

namespace bj = boost::json;

namespace {

constexpr char const* whole_answer =
    R"({"id":"cmpl-1","object":"text_completion","created":5,"model":"m","choices":[
        {"text":"a b","index":0,"finish_reason":"length","logprobs":{"tokens":["a"," b"],"token_logprobs":[null,-0.5],
         "top_logprobs":[{"a":-0.1},{" b":-0.5," c":-2}],"text_offset":[0,1]}},
        {"text":"","index":1,"finish_reason":"stop","logprobs":null,"stop_reason":null}],
        "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})";

std::string chunk(std::string_view choice, std::string_view more = "")
{
    return R"(data: {"id":"cmpl-1","object":"text_completion","created":5,"model":"m","choices":[)" +
           std::string(choice) + "]" + std::string(more) + "}\n\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_completions_answers)

BOOST_AUTO_TEST_CASE(whole_ones)
{
    auto const r = decode(whole_answer);
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->text() == "a b");
    BOOST_TEST((r->choices.at(0).finish_reason == finish_reason::length));
    BOOST_TEST(r->choices[1].message.content.empty());
    BOOST_TEST(r->choices[1].extra.empty());
    BOOST_TEST(r->usage.total_tokens == 3);
    BOOST_TEST(oracle(r->choices[0].logprobs.text) == oracle(R"({"content":[
        {"token":"a","logprob":0,"bytes":null,"top_logprobs":[{"token":"a","logprob":-0.1,"bytes":null}]},
        {"token":" b","logprob":-0.5,"bytes":null,"top_logprobs":[{"token":" b","logprob":-0.5,"bytes":null},
         {"token":" c","logprob":-2,"bytes":null}]}],"refusal":null})"));
    bj::value const written = oracle(write(*r));
    BOOST_TEST(written.at("object") == "text_completion");
    BOOST_TEST(written.at("choices").at(0).at("text") == "a b");
    BOOST_TEST(written.at("choices").at(0).at("logprobs") ==
               oracle(R"({"tokens":["a"," b"],"token_logprobs":[0,-0.5],
        "top_logprobs":[{"a":-0.1},{" b":-0.5," c":-2}],"text_offset":[0,1]})"));
    auto const again = decode(write(*r));
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST((*again == *r));
    for (char const* bad :
         {"", "[]", "{}", R"({"choices":{}})", R"({"choices":[1]})", R"({"error":{"message":"m"}})",
          R"({"object":"error","message":"m","code":400})", R"({"detail":"m"})"}) {
        BOOST_TEST(!decode(bad).has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_chat_s_answer_is_written_as_text)
{
    chat_response r;
    chat_choice choice;
    choice.message = assistant("hi");
    choice.message.content.insert(choice.message.content.begin(), reasoning_part{.text = "thought"});
    choice.finish_reason = finish_reason::tool_calls;
    r.choices.push_back(choice);
    bj::value const written = oracle(write(r));
    BOOST_TEST(written.at("id") == "cmpl-fallback");
    BOOST_TEST(written.at("created") == 77);
    BOOST_TEST(written.at("model") == "asked");
    BOOST_TEST(written.at("choices") ==
               oracle(R"([{"text":"hi","index":0,"logprobs":null,"finish_reason":"stop"}])"));
}

BOOST_AUTO_TEST_CASE(streams)
{
    const std::string bytes =
        chunk(R"({"text":"a","index":0,"finish_reason":null})") +
        chunk(R"({"text":"b","index":0,"finish_reason":"length"})") +
        chunk("", R"(,"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3})") +
        "data: [DONE]\n\n";
    decoded_stream const s = completions::decode_stream(bytes);
    BOOST_REQUIRE(!s.error);
    for (std::size_t cut = 1; cut != bytes.size(); ++cut) {
        BOOST_TEST((completions::decode_stream(bytes, cut).chunks == s.chunks));
    }
    chat_response const r = fold(s.chunks);
    BOOST_TEST(r.text() == "ab");
    BOOST_TEST((r.choices[0].finish_reason == finish_reason::length));
    BOOST_TEST(r.usage.total_tokens == 3);
    const std::string with = write_stream(s.chunks, true);
    BOOST_TEST((fold(completions::decode_stream(with).chunks) == r));
    BOOST_TEST(write_stream(s.chunks, false).find("usage") == std::string::npos);
    BOOST_TEST(with.ends_with("data: [DONE]\n\n"));
    BOOST_TEST(((*completions::decode_stream(chunk(R"({"text":"a","index":0})")).error)->kind ==
                error_kind::truncated));
    BOOST_TEST(!completions::decode_stream(chunk(R"({"text":"a","index":0,"finish_reason":"stop"})"))
                    .error.has_value());
    for (char const* bad : {"data: {\"error\":{\"message\":\"m\"}}\n\n", "event: error\ndata: x\n\n",
                            "data: nope\n\n", "data: {\"choices\":7}\n\n", "data: {\"choices\":[7]}\n\n"}) {
        BOOST_TEST(completions::decode_stream(bad + std::string("data: [DONE]\n\n")).error.has_value());
    }
}

BOOST_AUTO_TEST_CASE(the_relay)
{
    auto const& lane = dialect::server().chat_express();
    auto relay = lane.relay({});
    using verdict = providers::stream_relay::verdict;
    BOOST_TEST((relay->on_event(R"({"choices":[{"text":"a","finish_reason":"stop"}]})") == verdict::forward));
    BOOST_TEST((relay->on_event(R"({"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}})") ==
                verdict::drop));
    BOOST_TEST((relay->on_event("[DONE]") == verdict::forward));
    BOOST_TEST(relay->finish().has_value());
    BOOST_TEST(relay->facts().content_seen);
    BOOST_TEST(relay->facts().usage.total_tokens == 3);
    auto const broken = lane.relay({});
    broken->on_event(R"({"error":{"message":"m"}})");
    BOOST_TEST(!broken->finish().has_value());
    BOOST_TEST(!lane.relay({})->finish().has_value());
    BOOST_TEST(lane.inspect(whole_answer)->usage.total_tokens == 3);
    BOOST_TEST(lane.inspect(R"({"error":{"message":"m"}})")->error.has_value());
    BOOST_TEST(!lane.inspect("x").has_value());
    BOOST_TEST(!lane.inspect("{}").has_value());
}

BOOST_AUTO_TEST_CASE(any_bytes_give_chunks_or_a_failure)
{
    const std::string whole =
        chunk(
            R"({"text":"a","index":0,"finish_reason":"stop","logprobs":{"tokens":["a"],"top_logprobs":[{"a":1}]}})") +
        "data: [DONE]\n\n";
    seeded random(3);
    for (int round = 0; round != 3000; ++round) {
        std::string bytes = whole;
        for (std::size_t n = 1 + random.below(4); n != 0; --n) {
            bytes[random.below(bytes.size())] = "{}[]\",:0\n x"[random.below(11)];
        }
        decoded_stream const s = completions::decode_stream(bytes);
        write_stream(s.chunks, true);
        static_cast<void>(parse(bytes.substr(6)));
        static_cast<void>(decode(bytes.substr(6)));
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(providers_openai_completions_recorded)

BOOST_AUTO_TEST_CASE(all)
{
    std::size_t seen = 0;
    for (char const* service : {"openai", "vllm"}) {
        const std::string folder = std::string(service) + "/completions";
        for (auto const& path : fixtures(folder, ".request.json")) {
            const std::string body = read_file(path);
            auto const parsed = parse(body);
            BOOST_REQUIRE_MESSAGE(parsed.has_value(), path);
            bj::object theirs = oracle(body).as_object();
            for (auto it = theirs.begin(); it != theirs.end();) {
                const bool nothing =
                    it->value().is_null() || (it->value().is_object() && it->value().as_object().empty());
                it = nothing ? theirs.erase(it) : std::next(it);
            }
            if (parsed->stream) {
                theirs["stream_options"] = {{"include_usage", true}};
            }
            BOOST_TEST(oracle(encode(parsed->request, parsed->stream).value().body) == theirs);
            ++seen;
        }
        for (auto const& path : fixtures(folder, ".response.json")) {
            const std::string body = read_file(path);
            auto const ours = decode(body);
            BOOST_REQUIRE_MESSAGE(ours.has_value(), path);
            bj::value const theirs = oracle(body);
            BOOST_TEST(ours->text() == to_std(theirs.at("choices").at(0).at("text").as_string()));
            BOOST_TEST((ours->choices[0].finish_reason == finish_reason::length));
            BOOST_TEST(ours->usage.total_tokens == theirs.at("usage").at("total_tokens").as_int64());
            BOOST_TEST((decode(write(*ours)).value() == *ours));
            ++seen;
        }
        for (char const* ending : {".stream.txt", ".chunks.txt"}) {
            for (auto const& path : fixtures(folder, ending)) {
                std::string bytes = read_file(path);
                if (std::string_view(ending) == ".chunks.txt") {
                    std::istringstream lines(bytes);
                    bytes.clear();
                    for (std::string line; std::getline(lines, line);) {
                        bytes += line.empty() ? "" : "data: " + line + "\n\n";
                    }
                }
                decoded_stream const ours = completions::decode_stream(bytes);
                BOOST_REQUIRE_MESSAGE(!ours.error, path);
                chat_response const whole = fold(ours.chunks);
                std::string text;
                std::istringstream lines(bytes);
                for (std::string line; std::getline(lines, line);) {
                    if (line.starts_with("data: {")) {
                        bj::value const event = oracle(std::string_view(line).substr(6));
                        for (bj::value const& choice : event.at("choices").as_array()) {
                            text += to_std(choice.at("text").as_string());
                        }
                    }
                }
                BOOST_TEST(whole.text() == text);
                BOOST_TEST((whole.choices.at(0).finish_reason == finish_reason::length));
                for (std::size_t cut = 1; cut < bytes.size(); cut += 7) {
                    BOOST_TEST((completions::decode_stream(bytes, cut).chunks == ours.chunks));
                }
                BOOST_TEST(
                    (fold(completions::decode_stream(write_stream(ours.chunks, true)).chunks) == whole));
                ++seen;
            }
        }
    }
    if (seen == 0) {
        BOOST_TEST_MESSAGE("skipped: no recorded completions here");
        return;
    }
    BOOST_TEST(seen == 14U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::completions

// Every recorded case of Hugging Face's servers. What has OpenAI's shape is the dialect openai_chat and is
// read with its client half here; the native shapes are read with ours.

#include "providers/huggingface/dialect.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "test/providers/natives.hpp"

#include <set>

namespace cogate::test::natives {

namespace {

namespace bj = boost::json;

auto const& native = providers::huggingface::client;
auto const& openai = providers::openai_chat::client;

struct uncovered {
    char const* file;
    char const* why;
};
constexpr uncovered not_read[] = {
    {"completion_prompts--flash_llama_completion_many_prompts_stream.json",
     "text completions, OpenAI's older shape"},
    {"completion_prompts--flash_llama_completion_single_prompt.json",
     "text completions, OpenAI's older shape"},
    {"tools_llama--flash_llama_grammar_tools_sea_creatures_stream_function_object.json",
     "an empty list: no answer"},
    {"tools_llama--flash_llama_grammar_tools_sea_creatures_stream_required.json", "an empty list: no answer"},
};

std::string finish_of(chat_choice const& choice)
{
    switch (choice.finish_reason) {
    case finish_reason::stop: return "stop";
    case finish_reason::length: return "length";
    case finish_reason::tool_calls: return "tool_calls";
    default: return choice.finish_reason_text;
    }
}

void check_native(bj::value const& theirs, std::string const& body,
                  std::vector<wire::header> const& headers = {})
{
    auto const ours = native().decode_chat({.body = body, .headers = headers}, provider_context("m"));
    BOOST_REQUIRE(ours.has_value());
    BOOST_TEST(ours->text() == text_at(theirs, "generated_text"));
    bj::value const& details = theirs.at("details");
    std::string const word = text_at(details, "finish_reason");
    BOOST_TEST(ours->choices[0].native_finish_reason == word);
    BOOST_TEST(finish_of(ours->choices[0]) == (word == "length" ? "length" : "stop"));
    BOOST_TEST(ours->usage.completion_tokens == number_at(details, "generated_tokens"));
}

void check_openai(bj::value const& theirs, std::string const& body)
{
    auto const ours = openai().decode_chat({.body = body}, provider_context("m"));
    BOOST_REQUIRE(ours.has_value());
    bj::value const& choice = theirs.at("choices").as_array()[0];
    BOOST_TEST(ours->text() == text_at(choice.at("message"), "content"));
    BOOST_TEST(finish_of(ours->choices[0]) == text_at(choice, "finish_reason"));
    BOOST_TEST(ours->usage.total_tokens == number_at(theirs.at("usage"), "total_tokens"));
    check_calls_are_json(*ours);
}

/// The events of a stream, which the recording has as a list.
void check_openai_stream(bj::array const& events)
{
    std::string bytes;
    std::string text;
    std::string arguments;
    for (bj::value const& event : events) {
        bytes += "data: " + bj::serialize(event) + "\n\n";
        for (bj::value const& choice : event.at("choices").as_array()) {
            bj::value const* delta = at(choice, "delta");
            text += delta == nullptr ? "" : text_at(*delta, "content");
            if (bj::value const* calls = delta == nullptr ? nullptr : at(*delta, "tool_calls")) {
                for (bj::value const& call : calls->as_array()) {
                    arguments += text_at(call.at("function"), "arguments");
                }
            }
        }
    }
    bytes += "data: [DONE]\n\n";
    decoded const got = run(openai(), bytes);
    BOOST_REQUIRE(!got.error);
    check_splits(openai(), bytes);
    chat_response const whole = fold(got.chunks);
    BOOST_TEST(whole.text() == text);
    std::string ours;
    for (tool_call const& call : whole.choices[0].message.tool_calls) {
        ours += call.arguments;
    }
    BOOST_TEST(ours == arguments);
}

bool is_uncovered(std::string const& file)
{
    for (uncovered const& row : not_read) {
        if (file == row.file) {
            BOOST_TEST_MESSAGE("not covered: huggingface/tgi/" << row.file << ": " << row.why);
            return true;
        }
    }
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_huggingface_recorded)

BOOST_AUTO_TEST_CASE(tgi_snapshots)
{
    std::size_t native_seen = 0;
    std::size_t seen = 0;
    for (auto const& path : fixtures("huggingface/tgi", ".json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            ++seen;
            if (is_uncovered(path.filename().string())) {
                continue;
            }
            std::string const body = read_file(path);
            bj::value const theirs = oracle(body);
            if (theirs.is_array()) {
                check_openai_stream(theirs.as_array());
            } else if (at(theirs, "generated_text") != nullptr) {
                ++native_seen;
                check_native(theirs, body);
            } else if (text_at(theirs, "object") == "chat.completion.chunk") {
                check_openai_stream({theirs});
            } else {
                check_openai(theirs, body);
            }
        }
    }
    BOOST_TEST((!shared_dir() || (seen == 30U && native_seen >= 3U)));
}

BOOST_AUTO_TEST_CASE(the_older_inference_api)
{
    for (auto const& path : fixtures("huggingface/inference-legacy", ".response.json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            std::string const body = read_file(path);
            bj::value const first = oracle(body).as_array()[0];
            if (at(first, "generated_text") == nullptr) {
                BOOST_TEST_MESSAGE("not covered: "
                                   << path.filename().string()
                                   << ": fills a gap in a sentence; no operation of the gateway does that");
                auto const ours = native().decode_chat({.body = body}, provider_context("m"));
                BOOST_TEST((!ours.has_value() && ours.error()->kind == error_kind::bad_gateway));
                continue;
            }
            check_native(first, body, {{"x-prompt-tokens", "16"}});
        }
    }
    for (auto const& path : fixtures("huggingface/inference-legacy", ".request.json")) {
        bj::value const theirs = oracle(read_file(path));
        if (at(theirs, "parameters") == nullptr) {
            continue;
        }
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            chat_request r = ask(text_at(theirs, "inputs"));
            r.temperature = number_text(0.8);
            r.top_p = number_text(0.95);
            r.max_tokens = 512;
            bj::object wanted = without_nothing(theirs.at("parameters")).as_object();
            bj::object ours =
                body_of(native().encode_chat(r, provider_context("m"))).at("parameters").as_object();
            for (auto const& member : ours) {
                BOOST_REQUIRE(wanted.contains(member.key()));
                BOOST_TEST(wanted.at(member.key()) == member.value());
                wanted.erase(member.key());
            }
            // What is left is at TGI's default.
            wanted.erase("typical_p"); // no parameter of OpenAI's
            for (auto const& member : wanted) {
                BOOST_TEST(member.value() == bj::value(false));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(router)
{
    for (auto const& path : fixtures("huggingface/router-chat", ".response.json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            std::string const body = read_file(path);
            check_openai(oracle(body), body);
        }
    }
    for (auto const& path : fixtures("huggingface/router-chat", ".stream.txt")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            // Recorded up to where its client hung up.
            std::string const bytes = read_file(path);
            decoded const got = run(openai(), bytes);
            BOOST_TEST(!got.chunks.empty());
            check_splits(openai(), bytes);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives

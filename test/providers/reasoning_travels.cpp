#include "providers/common/sealed.hpp"
#include "providers/registry.hpp"
#include "test/common/provider_context.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

// Signatures and encrypted reasoning go from a provider to a client of any dialect and back to a provider of the same
// dialect, and to no other.
namespace cogate::test {

namespace {

namespace bj = boost::json;

constexpr std::string_view openai_answer =
    R"({"id":"resp_1","object":"response","created_at":1,"model":"o","status":"completed",
    "output":[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"gAAA_-="},
    {"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"hi","annotations":[]}]}]})";
constexpr std::string_view anthropic_answer =
    R"({"id":"msg_1","type":"message","role":"assistant","model":"c",
    "content":[{"type":"thinking","thinking":"hm","signature":"U2ln"},{"type":"redacted_thinking","data":"UmVk"},
    {"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}})";
constexpr std::string_view gemini_answer =
    R"({"candidates":[{"index":0,"finishReason":"STOP","content":{"role":"model",
    "parts":[{"text":"hm","thought":true,"thoughtSignature":"R2Vt"},{"text":"hi"}]}}],"responseId":"r","modelVersion":"g"})";

const std::vector<std::string_view> clients = {"openai_chat", "openai_responses", "anthropic_messages",
                                               "gemini"};

providers::inbound_target target_of(std::string_view client)
{
    return client == "gemini" ? providers::inbound_target{.model = "m"} : providers::inbound_target{};
}

/// A second turn as the client sends it: its question, the answer as it got it, another question.
std::string next_turn(std::string_view client, bj::value const& answer)
{
    if (client == "gemini") {
        return R"({"contents":[{"role":"user","parts":[{"text":"q"}]},)" +
               bj::serialize(answer.at("candidates").at(0).at("content")) +
               R"(,{"role":"user","parts":[{"text":"more"}]}]})";
    }
    if (client == "openai_responses") {
        std::string items;
        for (bj::value const& item : answer.at("output").as_array()) {
            items += bj::serialize(item) + ",";
        }
        return R"({"model":"m","store":false,"input":[{"role":"user","content":"q"},)" + items +
               R"({"role":"user","content":"more"}]})";
    }
    const std::string said = client == "openai_chat" ? bj::serialize(answer.at("choices").at(0).at("message"))
                                                     : R"({"role":"assistant","content":)" +
                                                           bj::serialize(answer.at("content")) + "}";
    return R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"},)" + said +
           R"(,{"role":"user","content":"more"}]})";
}

/// The upstream's answer as a client gets it, whole.
bj::value told(std::string_view client, std::string_view upstream, std::string_view answer)
{
    const provider_context context("claude-opus-4-1");
    const result<chat_response> decoded =
        providers::find_client_dialect(upstream)->decode_chat({.body = answer}, context);
    BOOST_REQUIRE(decoded.has_value());
    const chat_request asked{.model = "m", .messages = {user("q")}, .reasoning = {.summary = "auto"}};
    std::string out;
    providers::find_server_dialect(client)->write_chat(
        *decoded, {.request = asked, .model = "m", .fallback_id = "f", .now = 1, .target = target_of(client)},
        out);
    return bj::parse(out);
}

/// The next request to an upstream when the client gives back what it was told.
std::string sent_back(std::string_view client, bj::value const& answer, std::string_view upstream)
{
    const result<providers::parsed_chat> parsed =
        providers::find_server_dialect(client)->parse_chat(next_turn(client, answer), target_of(client));
    BOOST_REQUIRE(parsed.has_value());
    provider_context context("claude-opus-4-1");
    context.rules().drop_params = true;
    const result<providers::encoded_request> encoded =
        providers::find_client_dialect(upstream)->encode_chat(parsed->request, context);
    BOOST_REQUIRE_MESSAGE(encoded.has_value(), (encoded ? "" : encoded.error()->message));
    return encoded->body;
}

bool holds(std::string const& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_reasoning_travels)

BOOST_AUTO_TEST_CASE(openai_gets_its_encrypted_reasoning_back_through_any_client)
{
    for (std::string_view const client : clients) {
        BOOST_TEST_CONTEXT(client)
        {
            const std::string body =
                sent_back(client, told(client, "openai_responses", openai_answer), "openai_responses");
            BOOST_TEST(holds(body, R"("id":"rs_1")"));
            BOOST_TEST(holds(body, R"("encrypted_content":"gAAA_-=")"));
            BOOST_TEST(!holds(body, "cogate."));
        }
    }
    // The words, too, where the client has a place for the item's id beside them.
    const std::string body =
        sent_back("anthropic_messages", told("anthropic_messages", "openai_responses", openai_answer),
                  "openai_responses");
    BOOST_TEST(holds(body, R"("summary":[{"type":"summary_text","text":"hm"}],"encrypted_content")"));
}

BOOST_AUTO_TEST_CASE(anthropic_gets_its_marks_back_through_any_client)
{
    for (std::string_view const client : clients) {
        BOOST_TEST_CONTEXT(client)
        {
            const std::string body =
                sent_back(client, told(client, "anthropic_messages", anthropic_answer), "anthropic_messages");
            BOOST_TEST(holds(body, R"({"type":"thinking","thinking":"hm","signature":"U2ln"})"));
            BOOST_TEST(holds(body, R"({"type":"redacted_thinking","data":"UmVk"})"));
        }
    }
}

BOOST_AUTO_TEST_CASE(google_gets_its_signature_back_through_any_client)
{
    for (std::string_view const client : clients) {
        BOOST_TEST_CONTEXT(client)
        {
            BOOST_TEST(holds(sent_back(client, told(client, "gemini", gemini_answer), "gemini"),
                             R"("thoughtSignature":"R2Vt")"));
        }
    }
}

BOOST_AUTO_TEST_CASE(own_clients_see_the_bare_mark)
{
    BOOST_TEST(holds(bj::serialize(told("anthropic_messages", "anthropic_messages", anthropic_answer)),
                     R"("signature":"U2ln")"));
    BOOST_TEST(holds(bj::serialize(told("gemini", "gemini", gemini_answer)), R"("thoughtSignature":"R2Vt")"));
    BOOST_TEST(holds(bj::serialize(told("openai_responses", "openai_responses", openai_answer)),
                     R"("encrypted_content":"gAAA_-=")"));
}

BOOST_AUTO_TEST_CASE(no_provider_gets_anothers_mark)
{
    struct source {
        std::string_view upstream;
        std::string_view answer;
        std::vector<std::string_view> marks;
    };
    const std::vector<source> sources = {{"openai_responses", openai_answer, {"gAAA_", "rs_1"}},
                                         {"anthropic_messages", anthropic_answer, {"U2ln", "UmVk"}},
                                         {"gemini", gemini_answer, {"R2Vt"}}};
    const std::vector<std::string_view> upstreams = {"openai_responses", "anthropic_messages", "gemini",
                                                     "openai_chat",      "bedrock_converse",   "cohere"};
    for (source const& from : sources) {
        for (std::string_view const client : clients) {
            const bj::value answer = told(client, from.upstream, from.answer);
            for (std::string_view const upstream : upstreams) {
                // Claude on Bedrock takes what Anthropic signed.
                const bool same_maker = upstream == from.upstream || (from.upstream == "anthropic_messages" &&
                                                                      upstream == "bedrock_converse");
                // What a chat client gives back in the chat dialect stays as it is.
                const bool same_dialect = client == "openai_chat" && upstream == "openai_chat";
                if (same_maker || same_dialect) {
                    continue;
                }
                BOOST_TEST_CONTEXT(from.upstream << " to " << client << " to " << upstream)
                {
                    const std::string body = sent_back(client, answer, upstream);
                    BOOST_TEST(!holds(body, "cogate."));
                    BOOST_TEST(!holds(body, "Y29nYXRl"));
                    for (std::string_view const mark : from.marks) {
                        BOOST_TEST(!holds(body, mark));
                    }
                    BOOST_TEST(holds(body, "more"));
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(streams_carry_the_same_marks)
{
    chat_delta words{.reasoning = "hm", .reasoning_id = "rs_1", .begins_part = true};
    chat_delta secret{.reasoning_redacted = "gAAA", .reasoning_id = "rs_1"};
    chat_delta text{.content = "hi", .has_content = true};
    chat_delta end{.finish_reason = finish_reason::stop};
    const chat_request asked{.model = "m", .messages = {user("q")}, .reasoning = {.summary = "auto"}};
    for (std::string_view const client :
         {"anthropic_messages", "openai_chat", "openai_responses", "gemini"}) {
        std::string out;
        auto const writer = providers::find_server_dialect(client)->write_chat_stream(
            {.request = asked, .model = "m", .fallback_id = "f", .now = 1, .target = target_of(client)});
        for (chat_delta const& delta : {words, secret, text, end}) {
            writer->write({.id = "i", .created = 1, .model = "m", .choices = {delta}}, out);
        }
        writer->end(out);
        BOOST_TEST_CONTEXT(client)
        {
            if (client == "openai_responses") {
                BOOST_TEST(holds(out, R"("encrypted_content":"gAAA")"));
            } else if (client == "gemini") {
                BOOST_TEST(holds(out, "Y29nYXRl"));
            } else {
                BOOST_TEST(holds(out, R"("data":"cogate.openai_responses.rs_1.gAAA")"));
            }
            if (client == "anthropic_messages") {
                BOOST_TEST(holds(out, R"("signature":"cogate.openai_responses.rs_1.")"));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(encrypted_reasoning_without_an_id_stays_openais)
{
    const std::string_view body = R"({"model":"m","store":false,"input":[{"role":"user","content":"q"},
        {"type":"reasoning","summary":[],"encrypted_content":"gAAA"},{"role":"user","content":"more"}]})";
    auto const parsed = providers::find_server_dialect("openai_responses")->parse_chat(body, {});
    BOOST_REQUIRE(parsed.has_value());
    const provider_context context("claude-opus-4-1");
    const auto sent = [&](std::string_view upstream) {
        return providers::find_client_dialect(upstream)->encode_chat(parsed->request, context)->body;
    };
    BOOST_TEST(holds(sent("openai_responses"), R"("encrypted_content":"gAAA")"));
    BOOST_TEST(!holds(sent("anthropic_messages"), "gAAA"));
    BOOST_TEST(!holds(sent("gemini"), "gAAA"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test

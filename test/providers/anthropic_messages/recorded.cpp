#include "test/providers/anthropic_messages/recorded.hpp"

namespace cogate::test::anthropic {

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_recorded)

BOOST_AUTO_TEST_CASE(what_is_not_compared)
{
    for (auto const& [name, reason] : exceptions) {
        BOOST_TEST_MESSAGE("not compared: " << name << ": " << reason);
        const auto shared = shared_dir();
        BOOST_TEST((!shared || std::filesystem::exists(*shared / "fixtures/anthropic" / name)), name);
    }
}

BOOST_AUTO_TEST_CASE(whole_answers)
{
    std::size_t answers = 0;
    std::size_t errors = 0;
    for (char const* folder : {"messages", "batches", "complete-legacy"}) {
        for (auto const& path : fixtures(folder, ".response.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string body = read_file(path);
                const bj::value theirs = oracle(body);
                auto const ours = dialect::client().decode_chat({.body = body}, provider_context());
                if (text_at(theirs, "type") == "error" || excepted(path)) {
                    BOOST_TEST(!ours.has_value());
                    ++errors;
                    continue;
                }
                BOOST_REQUIRE_MESSAGE(ours.has_value(), (ours ? "" : ours.error()->message));
                check_message(*ours, theirs);
                check_written(*ours, theirs);
                BOOST_TEST(same_meaning(decoded(written(*ours)), *ours));
                auto const facts = dialect::server().chat_express().inspect(body);
                BOOST_REQUIRE(facts.has_value());
                BOOST_TEST((facts->usage == ours->usage));
                ++answers;
            }
        }
    }
    BOOST_TEST_MESSAGE("recorded answers: " << answers << ", errors: " << errors);
    BOOST_TEST((answers == 0 || (answers > 30 && errors >= 5)));
}

BOOST_AUTO_TEST_CASE(answers_of_a_batch)
{
    for (auto const& path : fixtures("batches", ".response.jsonl")) {
        std::istringstream in(read_file(path));
        for (std::string line; std::getline(in, line);) {
            bj::value const theirs = oracle(line).at("result").at("message");
            chat_response const ours = decoded(bj::serialize(theirs));
            check_message(ours, theirs);
            check_written(ours, theirs);
            BOOST_TEST(ours.service_tier == "batch");
        }
    }
}

BOOST_AUTO_TEST_CASE(errors)
{
    const std::map<int, error_kind> kinds = {{401, error_kind::authentication}, {404, error_kind::not_found}};
    for (char const* folder : {"messages", "count-tokens"}) {
        for (auto const& path : fixtures(folder, ".response.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string body = read_file(path);
                const bj::value theirs = oracle(body);
                const int status = status_of(path);
                if (text_at(theirs, "type") != "error") {
                    continue;
                }
                failure const why = dialect::client().decode_error(status, {}, body, {});
                BOOST_TEST(why->message == text_at(theirs.at("error"), "message"));
                BOOST_TEST(why->upstream_request_id == text_at(theirs, "request_id"));
                BOOST_TEST(
                    (why->kind == (status == 400 ? error_kind::context_window_exceeded : kinds.at(status))));
                std::string out;
                dialect::server().write_error(why, out);
                BOOST_TEST((oracle(out) == theirs));
                BOOST_TEST(dialect::server().error_status(why) == status);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic

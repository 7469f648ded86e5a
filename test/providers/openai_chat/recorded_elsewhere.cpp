// Recorded answers in OpenAI's dialect of services that are known for another one, or that answer in their own way.
#include "test/providers/openai_chat/recorded.hpp"

#include "providers/registry.hpp"
#include "test/common/provider_context.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cogate::test {

namespace {

providers::provider const& row(std::string_view name)
{
    return *providers::find_provider(name);
}

std::string text_of(bj::value const& choice)
{
    return text_at(choice.at("message"), "content");
}

/// Answers of a folder against a second reading of the same bytes; `hidden` tokens are in the total alone.
std::size_t check_answers(std::string const& folder, std::string_view service, bool hidden)
{
    std::size_t good = 0;
    for (auto const& path : fixtures(folder, ".response.json")) {
        BOOST_TEST_CONTEXT(label(path))
        {
            const std::string body = read_file(path);
            const bj::value theirs = oracle(body);
            if (set_at(theirs, "choices") == nullptr) {
                continue;
            }
            auto const ours = providers::openai_chat::client().decode_chat(
                {.body = body}, provider_context("up", false, row(service)));
            BOOST_REQUIRE_MESSAGE(ours.has_value(), (ours ? "" : ours.error()->message));
            bj::value const& choice = theirs.at("choices").as_array()[0];
            BOOST_TEST(ours->text() == text_of(choice));
            bj::value const* const calls = set_at(choice.at("message"), "tool_calls");
            std::vector<tool_call> const& read = ours->choices.at(0).message.tool_calls;
            BOOST_REQUIRE(read.size() == (calls == nullptr ? 0U : calls->as_array().size()));
            for (std::size_t i = 0; i != read.size(); ++i) {
                bj::value const& function = calls->as_array()[i].at("function");
                BOOST_TEST(read[i].name == text_at(function, "name"));
                BOOST_TEST(read[i].arguments == text_at(function, "arguments"));
                BOOST_TEST(!read[i].id.empty()); // also where the service gave none
            }
            bj::value const& tokens = theirs.at("usage");
            std::int64_t const prompt = number_at(tokens, "prompt_tokens");
            BOOST_TEST(ours->usage.prompt_tokens == prompt);
            BOOST_TEST(ours->usage.completion_tokens == (hidden ? number_at(tokens, "total_tokens") - prompt
                                                                : number_at(tokens, "completion_tokens")));
            ++good;
        }
    }
    return good;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_chat_recorded_elsewhere)

BOOST_AUTO_TEST_CASE(google_hides_its_reasoning_in_the_total)
{
    std::size_t const good = check_answers("gemini/openai-compat", "gemini_openai", true);
    BOOST_TEST((good == 2 || !shared_dir()));
}

BOOST_AUTO_TEST_CASE(ollama_speaks_it_beside_its_own)
{
    std::size_t const good = check_answers("ollama/openai-chat", "openai", false);
    BOOST_TEST((good > 3 || !shared_dir()));
}

BOOST_AUTO_TEST_CASE(errors_are_what_they_say)
{
    for (auto const& path : fixtures("ollama/openai-chat", "length-exceeded-errors-0.response.json")) {
        failure const why = providers::openai_chat::client().decode_error(400, {}, read_file(path), {});
        BOOST_TEST((why->kind == error_kind::context_window_exceeded));
        BOOST_TEST(why->message.starts_with("prompt too long"));
    }
    for (auto const& path : fixtures("openai/chat", ".error.json")) {
        failure const why = providers::openai_chat::client().decode_error(400, {}, read_file(path), {});
        BOOST_TEST((why->kind == error_kind::invalid_request));
        BOOST_TEST(why->code == "unsupported_parameter");
        BOOST_TEST(why->param == "max_tokens");
    }
}

BOOST_AUTO_TEST_CASE(vectors_of_signed_bytes)
{
    for (auto const& path : fixtures("perplexity/embeddings", ".response.json")) {
        const std::string body = read_file(path);
        const bj::value theirs = oracle(body);
        const provider_context context("up", false, row("perplexity"));
        providers::embedding_codec const& codec = *providers::openai_chat::client().embeddings();
        auto const ours = codec.decode({.body = body}, embedding_request{}, context);
        BOOST_REQUIRE_MESSAGE(ours.has_value(), (ours ? "" : ours.error()->message));
        bj::array const& data = theirs.at("data").as_array();
        BOOST_REQUIRE(ours->data.size() == data.size());
        for (std::size_t i = 0; i != data.size(); ++i) {
            const std::string text = text_at(data[i], "embedding");
            BOOST_TEST(ours->data[i].index == number_at(data[i], "index"));
            BOOST_REQUIRE(ours->data[i].values.size() == 256U); // as the recorded request asks
            BOOST_REQUIRE(text.size() > 4);
            // of the first three numbers the base64 is four letters
            static constexpr std::string_view letters =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            unsigned bits = 0;
            for (char const c : text.substr(0, 4)) {
                bits = bits << 6 | static_cast<unsigned>(letters.find(c));
            }
            for (unsigned k = 0; k != 3; ++k) {
                auto const byte = static_cast<signed char>(bits >> (16 - 8 * k) & 0xFF);
                BOOST_TEST(ours->data[i].values[k] == static_cast<float>(byte));
            }
        }
        BOOST_TEST(ours->usage.prompt_tokens == number_at(theirs.at("usage"), "prompt_tokens"));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test

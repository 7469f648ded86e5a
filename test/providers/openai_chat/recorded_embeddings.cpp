#include "test/providers/openai_chat/recorded.hpp"

#include "providers/registry.hpp"

#include <array>
#include <map>
#include <set>

namespace cogate::test {

BOOST_AUTO_TEST_SUITE(providers_openai_chat_recorded_embeddings)

BOOST_AUTO_TEST_CASE(embeddings)
{
    std::size_t answers = 0;
    for (char const* service : {"openai", "azure", "mistral", "vllm", "openrouter"}) {
        for (auto const& path : fixtures(std::string(service) + "/embeddings", ".response.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string body = read_file(path);
                const bj::value theirs = oracle(body);
                auto const ours = test::decode_embedding(body);
                if (set_at(theirs, "data") == nullptr) {
                    BOOST_TEST(!ours.has_value());
                    check_error(path, body, theirs);
                    continue;
                }
                if (!ours) {
                    BOOST_ERROR(ours.error()->message);
                    continue;
                }
                bj::array const& data = theirs.at("data").as_array();
                BOOST_REQUIRE_EQUAL(ours->data.size(), data.size());
                for (std::size_t i = 0; i != data.size(); ++i) {
                    bj::value const& vector = data[i].at("embedding");
                    if (vector.is_array()) {
                        BOOST_REQUIRE_EQUAL(ours->data[i].values.size(), vector.as_array().size());
                        for (std::size_t k = 0; k != vector.as_array().size(); ++k) {
                            if (ours->data[i].values[k] !=
                                static_cast<float>(vector.as_array()[k].to_number<double>())) {
                                BOOST_ERROR("number " << k << " differs");
                            }
                        }
                    } else {
                        BOOST_TEST(ours->data[i].values.size() * 4 ==
                                   vector.as_string().size() / 4 * 3 -
                                       (vector.as_string().ends_with("==")  ? 2U
                                        : vector.as_string().ends_with("=") ? 1U
                                                                            : 0U));
                    }
                }
                if (bj::value const* tokens = set_at(theirs, "usage")) {
                    BOOST_TEST(ours->usage.prompt_tokens == number_at(*tokens, "prompt_tokens"));
                }
                for (char const* format : {"float", "base64"}) {
                    std::string written;
                    embedding_request ask;
                    ask.encoding_format = format;
                    test::write_embedding(*ours, ask, written);
                    auto const again = test::decode_embedding(written);
                    BOOST_REQUIRE(again.has_value());
                    BOOST_TEST((again->data == ours->data));
                }
                ++answers;
            }
        }
        for (auto const& path : fixtures(std::string(service) + "/embeddings", ".request.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string body = read_file(path);
                auto const parsed = test::parse_embedding(body);
                if (!parsed) {
                    BOOST_TEST_MESSAGE("refused: " << label(path) << ": " << parsed.error()->message);
                    BOOST_TEST(body.find("encoding_format") != std::string::npos);
                    continue;
                }
                auto const encoded = test::encode_embedding(*parsed, parsed->model);
                BOOST_REQUIRE(encoded.has_value());
                BOOST_TEST((oracle(encoded->body) == oracle(body)));
            }
        }
    }
    if (answers == 0) {
        BOOST_TEST_MESSAGE("skipped: no recorded embeddings here");
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test

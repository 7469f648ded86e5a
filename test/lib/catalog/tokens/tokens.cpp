#include <cogate/tokens.hpp>

#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using cogate::special_tokens;
using cogate::token_encoding;
using cogate::token_id;

BOOST_AUTO_TEST_SUITE(catalog_tokens)

namespace {

constexpr std::array encodings{token_encoding::cl100k_base, token_encoding::o200k_base};

using ids = std::vector<token_id>;

} // namespace

BOOST_AUTO_TEST_CASE(first_use_from_several_threads)
{
    std::vector<std::size_t> counts(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t& count : counts) {
            threads.emplace_back([&count] {
                for (token_encoding const encoding : encodings) {
                    count += cogate::count_tokens(encoding, "Hello world");
                }
            });
        }
    }
    BOOST_TEST(counts == (std::vector<std::size_t>{4, 4, 4, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(known_texts)
{
    BOOST_TEST(cogate::encode(token_encoding::cl100k_base, "Hello world") == (ids{9906, 1917}),
               boost::test_tools::per_element());
    BOOST_TEST(cogate::encode(token_encoding::o200k_base, "Hello world") == (ids{13225, 2375}),
               boost::test_tools::per_element());
    BOOST_TEST(cogate::encode(token_encoding::o200k_base, "").empty());
    BOOST_TEST(cogate::count_tokens(token_encoding::cl100k_base, "") == 0u);
}

BOOST_AUTO_TEST_CASE(any_bytes_come_back)
{
    cogate::test::seeded random(3);
    for (int round = 0; round != 400; ++round) {
        std::string text;
        for (std::size_t left = random.below(60); left != 0; --left) {
            text += static_cast<char>(random.below(random.one_in(2) ? 256 : 128));
        }
        for (token_encoding const encoding : encodings) {
            ids const tokens = cogate::encode(encoding, text);
            BOOST_TEST(cogate::decode(encoding, tokens).value() == text);
            BOOST_TEST(cogate::count_tokens(encoding, text) == tokens.size());
        }
    }
}

BOOST_AUTO_TEST_CASE(one_endless_word_is_counted_and_comes_back)
{
    // 1 MiB + 1: longer than a piece may be.
    std::string const text((std::size_t{1} << 20) + 1, 'a');
    for (token_encoding const encoding : encodings) {
        ids const tokens = cogate::encode(encoding, text);
        BOOST_TEST(tokens.size() < text.size() / 4);
        BOOST_TEST((cogate::decode(encoding, tokens).value() == text));
    }
}

BOOST_AUTO_TEST_CASE(special_tokens_are_text_unless_asked_for)
{
    std::string const text = "a<|endoftext|><|endoftext|<|endofprompt|>";
    ids const plain = cogate::encode(token_encoding::cl100k_base, text);
    BOOST_TEST(*std::max_element(plain.begin(), plain.end()) < 100257u);

    ids const special = cogate::encode(token_encoding::cl100k_base, text, special_tokens::recognised);
    BOOST_TEST(special.at(1) == 100257u);
    BOOST_TEST(special.back() == 100276u);
    BOOST_TEST(cogate::count_tokens(token_encoding::cl100k_base, text, special_tokens::recognised) ==
               special.size());
    BOOST_TEST(cogate::decode(token_encoding::cl100k_base, special).value() == text);

    BOOST_TEST(cogate::encode(token_encoding::o200k_base, "<|endofprompt|>", special_tokens::recognised) ==
                   (ids{200018}),
               boost::test_tools::per_element());
    BOOST_TEST(
        cogate::count_tokens(token_encoding::o200k_base, "<|fim_prefix|>", special_tokens::recognised) > 1u);
}

BOOST_AUTO_TEST_CASE(a_number_that_is_no_token_is_refused)
{
    for (token_id const wrong : {token_id{100256}, token_id{100261}, token_id{0xFFFFFFFF}}) {
        auto const text = cogate::decode(token_encoding::cl100k_base, ids{9906, wrong});
        BOOST_REQUIRE(text.has_error());
        BOOST_TEST((text.error()->kind == cogate::error_kind::invalid_request));
        BOOST_TEST(text.error()->param == "tokens");
    }
    BOOST_TEST(cogate::decode(token_encoding::o200k_base, ids{199998}).has_error());
}

BOOST_AUTO_TEST_CASE(encoding_of_a_model)
{
    for (std::string_view const model :
         {"gpt-4o", "azure/gpt-4o-mini", "ft:gpt-4o-2024-08-06:org::id", "chatgpt-4o-latest", "gpt-4.1-nano",
          "gpt-5", "gpt-5.1", "openai/gpt-5-mini", "o1", "o3-mini", "o4-mini-2025-04-16", "ft:gpt-4.1",
          "openrouter/openai/o3", "gpt-oss-120b", "groq/openai/gpt-oss-20b"}) {
        BOOST_TEST_CONTEXT(model)
        {
            BOOST_TEST((cogate::encoding_for(model) == token_encoding::o200k_base));
        }
    }
    for (std::string_view const model :
         {"", "gpt-4", "gpt-4-turbo", "gpt-3.5-turbo", "azure/gpt-35-turbo", "text-embedding-3-small", "o10",
          "gpt-50", "anthropic/claude-sonnet-4-5", "o1/else", "/"}) {
        BOOST_TEST_CONTEXT(model)
        {
            BOOST_TEST((cogate::encoding_for(model) == token_encoding::cl100k_base));
        }
    }
    BOOST_TEST(to_string(token_encoding::cl100k_base) == "cl100k_base");
    BOOST_TEST(to_string(token_encoding::o200k_base) == "o200k_base");
}

BOOST_AUTO_TEST_SUITE_END()

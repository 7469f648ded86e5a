#include "providers/voyage/dialect.hpp"

#include <cogate/rerank.hpp>

#include "test/providers/natives.hpp"

namespace cogate::test::natives {

namespace {

namespace bj = boost::json;

auto const& client = providers::voyage::client;

} // namespace

BOOST_AUTO_TEST_SUITE(providers_voyage)

BOOST_AUTO_TEST_CASE(no_chat)
{
    provider_context const context("voyage-3");
    auto const refused = client().encode_chat(ask("hi"), context);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->status == 400);
    BOOST_TEST(refused.error()->message.find("serves no chat") != std::string::npos);
    BOOST_TEST(!client().decode_chat({.body = "{}"}, context).has_value());
    BOOST_TEST(run(client(), "data: {}\n\n").error.has_value());
}

BOOST_AUTO_TEST_CASE(embeddings)
{
    embedding_request r;
    r.input = std::vector<std::string>{"a", "b"};
    r.dimensions = 256;
    r.encoding_format = "base64";
    r.extra.set("input_type", raw_json{"\"query\""});
    provider_context const context("voyage-3");
    auto const encoded = client().embeddings()->encode(r, context);
    BOOST_TEST(encoded->path == "/embeddings");
    BOOST_TEST(body_of(encoded) == oracle(R"({"model":"voyage-3","input":["a","b"],"output_dimension":256,
        "encoding_format":"base64","input_type":"query"})"));
    r.extra.set("output_dtype", raw_json{"\"int8\""});
    BOOST_TEST(!body_of(client().embeddings()->encode(r, context)).as_object().contains("encoding_format"));
    auto const decode = [&](std::string_view body) {
        return client().embeddings()->decode({.body = body}, r, context);
    };
    auto const answer = decode(R"({"object":"list","data":[{"embedding":"AACAPwAAAMA=","index":1},
        {"embedding":[0.5,1],"index":0}],"model":"voyage-3-lite","usage":{"total_tokens":12}})");
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST((answer->data[0].values == std::vector<float>{0.5F, 1.0F}));
    BOOST_TEST((answer->data[1].values == std::vector<float>{1.0F, -2.0F}));
    BOOST_TEST(answer->usage.prompt_tokens == 12);
    for (char const* bad :
         {R"({"data":[{"embedding":"AACAP","index":0},{"embedding":[1],"index":1}]})",
          R"({"data":[{"embedding":[1],"index":0}]})",
          R"({"data":[{"embedding":[1],"index":0},{"embedding":[1],"index":0}]})", "{}", "[]"}) {
        BOOST_TEST(!decode(bad).has_value());
    }
}

BOOST_AUTO_TEST_CASE(rerank)
{
    rerank_request r{.model = "m", .query = "q", .documents = {raw_json{"\"a\""}, raw_json{"\"b\""}}};
    r.top_n = 2;
    r.return_documents = true;
    provider_context const context("rerank-2");
    auto const encoded = client().rerank()->encode(r, context);
    BOOST_TEST(encoded->path == "/rerank");
    BOOST_TEST(
        body_of(encoded) ==
        oracle(
            R"({"model":"rerank-2","query":"q","documents":["a","b"],"top_k":2,"return_documents":true})"));
    auto const answer = client().rerank()->decode(
        {.body =
             R"({"object":"list","data":[{"relevance_score":0.25,"index":1,"document":"b"}],"model":"rerank-2","usage":{"total_tokens":5}})"},
        r, context);
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(oracle(answer->results[0].document.text) == oracle(R"({"text":"b"})"));
    BOOST_TEST(answer->usage.total_tokens == 5);
    BOOST_TEST((client().decode_error(400, {}, R"({"detail":"too many documents"})", {})->message ==
                "too many documents"));
}

BOOST_AUTO_TEST_CASE(recorded)
{
    for (auto const& path : fixtures("voyage/embeddings", ".response.json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            std::string const body = read_file(path);
            bj::value const theirs = oracle(body);
            bj::array const& data = theirs.at("data").as_array();
            auto const ours = client().embeddings()->decode({.body = body}, {}, provider_context("m"));
            BOOST_REQUIRE(ours.has_value());
            BOOST_REQUIRE(ours->data.size() == data.size());
            for (std::size_t i = 0; i != data.size(); ++i) {
                bj::value const& vector = data[i].at("embedding");
                std::size_t const numbers =
                    vector.is_array() ? vector.as_array().size()
                                      : (vector.as_string().size() / 4 * 3 -
                                         static_cast<std::size_t>(std::count(
                                             vector.as_string().begin(), vector.as_string().end(), '='))) /
                                            4;
                BOOST_TEST(ours->data[i].values.size() == numbers);
                for (float const value : ours->data[i].values) {
                    if (!(value > -1.0F && value < 1.0F)) {
                        BOOST_ERROR("not part of a unit vector: " << value);
                    }
                }
            }
            BOOST_TEST(ours->usage.total_tokens == number_at(theirs.at("usage"), "total_tokens"));
        }
    }
    for (auto const& path : fixtures("voyage/embeddings", ".request.json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            bj::value const theirs = oracle(read_file(path));
            embedding_request asked;
            std::vector<std::string> texts;
            for (bj::value const& text : theirs.at("input").as_array()) {
                texts.emplace_back(text.as_string().data(), text.as_string().size());
            }
            asked.input = texts;
            asked.encoding_format = text_at(theirs, "encoding_format");
            for (char const* name : {"input_type", "truncation"}) {
                asked.extra.set(name, raw_json{bj::serialize(theirs.at(name))});
            }
            provider_context const context(text_at(theirs, "model"));
            BOOST_TEST(without_nothing(body_of(client().embeddings()->encode(asked, context))) ==
                       without_nothing(theirs));
        }
    }
    for (auto const& path : fixtures("voyage/rerank", ".response.json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            std::string const body = read_file(path);
            bj::value const theirs = oracle(body);
            auto const ours = client().rerank()->decode({.body = body}, {}, provider_context("m"));
            BOOST_REQUIRE(ours.has_value());
            bj::array const& data = theirs.at("data").as_array();
            BOOST_REQUIRE(ours->results.size() == data.size());
            for (std::size_t i = 0; i != data.size(); ++i) {
                BOOST_TEST(ours->results[i].index == number_at(data[i], "index"));
            }
            BOOST_TEST(ours->usage.prompt_tokens == number_at(theirs.at("usage"), "total_tokens"));
        }
    }
    for (auto const& path : fixtures("voyage/rerank", ".request.json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            bj::value const theirs = oracle(read_file(path));
            rerank_request asked{.model = "m", .query = text_at(theirs, "query")};
            for (bj::value const& text : theirs.at("documents").as_array()) {
                asked.documents.push_back(raw_json{bj::serialize(text)});
            }
            asked.top_n = number_at(theirs, "top_k");
            asked.extra.set("truncation", raw_json{"true"});
            provider_context const context(text_at(theirs, "model"));
            BOOST_TEST(body_of(client().rerank()->encode(asked, context)) == theirs);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives

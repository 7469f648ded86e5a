#include "providers/vertex/dialect.hpp"
#include "test/providers/gemini/support.hpp"

namespace cogate::test::google {

namespace {

namespace vertex = providers::vertex;

providers::embedding_codec const& codec()
{
    return *vertex::gemini_client().embeddings();
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_vertex_recorded)

BOOST_AUTO_TEST_CASE(predictions)
{
    for (auto const& path : fixtures("vertex/predict", ".response.json")) {
        const std::string body = read_file(path);
        auto const ours = codec().decode({.body = body}, {}, provider_context("text-embedding-004"));
        BOOST_REQUIRE(ours.has_value());
        const bj::value theirs = oracle(body);
        bj::array const& list = theirs.at("predictions").as_array();
        BOOST_REQUIRE_EQUAL(ours->data.size(), list.size());
        std::int64_t tokens = 0;
        for (std::size_t i = 0; i != list.size(); ++i) {
            BOOST_TEST(ours->data[i].values.size() ==
                       list[i].at("embeddings").at("values").as_array().size());
            tokens += number_at(list[i].at("embeddings").at("statistics"), "token_count");
        }
        BOOST_TEST(ours->usage.prompt_tokens == tokens);
    }
    for (auto const& path : fixtures("vertex/predict", ".request.json")) {
        const bj::value theirs = oracle(read_file(path));
        embedding_request r;
        r.input = std::vector<std::string>{text_at(theirs.at("instances").at(0), "content")};
        BOOST_TEST((oracle(codec().encode(r, provider_context("text-embedding-004"))->body) == theirs));
    }
}

BOOST_AUTO_TEST_CASE(embedded_contents)
{
    provider_context const context("gemini-embedding-2");
    for (auto const& path : fixtures("vertex/embed", ".response.json")) {
        const std::string body = read_file(path);
        auto const ours = codec().decode({.body = body}, {}, context);
        BOOST_REQUIRE(ours.has_value());
        BOOST_TEST(ours->data.at(0).values.size() ==
                   oracle(body).at("embedding").at("values").as_array().size());
    }
    for (auto const& path : fixtures("vertex/embed", ".request.json")) {
        const bj::value theirs = oracle(read_file(path));
        embedding_request r;
        r.input = std::vector<std::string>{text_at(theirs.at("content").at("parts").at(0), "text")};
        BOOST_TEST((oracle(codec().encode(r, context)->body) == theirs));
    }
}

BOOST_AUTO_TEST_CASE(tokens)
{
    providers::settings given;
    given.set("vertex_credentials", secret(R"({"type":"authorized_user","client_id":"<GOOGLE_CLIENT_ID>",
        "client_secret":"<GOOGLE_CLIENT_SECRET>","refresh_token":"<GOOGLE_REFRESH_TOKEN>"})"));
    auto const made = vertex::make_credential(secret(), given, {});
    BOOST_REQUIRE(made.has_value());
    for (auto const& path : fixtures("vertex/oauth-token", ".response.json")) {
        auto const token = (*made)->read(200, read_file(path));
        BOOST_REQUIRE(token.has_value());
        BOOST_TEST(token->lifetime.count() == 3599);
    }
    for (auto const& path : fixtures("vertex/oauth-token", ".request.form.txt")) {
        std::string form;
        for (char const c : read_file(path)) { // the recording's placeholders are not encoded
            form += c == '<' ? "%3C" : c == '>' ? "%3E" : std::string(1, c);
        }
        BOOST_TEST((*made)->ask({})->request.body == form);
    }
}

BOOST_AUTO_TEST_CASE(paths_as_recorded)
{
    std::size_t seen = 0;
    for (char const* folder : {"vertex/generate-content", "vertex/stream-generate-content"}) {
        for (auto const& path : fixtures(folder, ".meta.json")) {
            const std::string url = text_at(oracle(read_file(path)), "url");
            const std::size_t from = url.find("/models/") + 8;
            const std::string model = url.substr(from, url.find(':', from) - from);
            const bool stream = url.find(":stream") != std::string::npos;
            auto const encoded =
                vertex::gemini_client().encode_chat(ask("q"), provider_context(model, stream));
            BOOST_REQUIRE(encoded.has_value());
            const std::string whole = encoded->path;
            BOOST_TEST(url.find(url.find("%24alt") == std::string::npos
                                    ? whole
                                    : whole.substr(0, whole.find('?'))) != std::string::npos);
            ++seen;
        }
    }
    BOOST_TEST_MESSAGE((seen == 0 ? "skipped: no recorded paths here" : ""));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google

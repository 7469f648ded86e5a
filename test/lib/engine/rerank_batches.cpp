#include "lib/engine/rerank_batches.hpp"

#include "providers/bedrock/dialect.hpp"
#include "providers/huggingface/dialect.hpp"
#include "providers/voyage/dialect.hpp"
#include "test/common/provider_context.hpp"

#include <boost/test/unit_test.hpp>

namespace cogate::test {

using namespace providers;
using namespace engine;

namespace {

rerank_request request_of(std::size_t documents)
{
    rerank_request out{.model = "m", .query = "q"};
    for (std::size_t i = 0; i != documents; ++i) {
        out.documents.push_back({"\"" + std::to_string(i) + "\""});
    }
    out.extra.set("truncation", {"true"});
    return out;
}

rerank_response answer_to(std::vector<double> const& scores)
{
    rerank_response out{.id = "first", .model = "m", .results = {}};
    for (std::size_t i = 0; i != scores.size(); ++i) {
        out.results.push_back({.index = static_cast<std::int64_t>(i), .relevance_score = scores[i]});
    }
    out.usage.reported = true;
    out.usage.prompt_tokens = out.usage.total_tokens = 10;
    out.search_units = 1;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_common_rerank_batches)

BOOST_AUTO_TEST_CASE(parts_hold_every_document_once)
{
    rerank_request whole = request_of(5);
    whole.top_n = 3;
    std::vector<raw_json> joined;
    for (std::size_t from = 0; from < 5; from += 2) {
        const rerank_request part = rerank_batch(whole, from, 2);
        joined.insert(joined.end(), part.documents.begin(), part.documents.end());
        BOOST_TEST(part.query == "q");
        BOOST_TEST((part.top_n == whole.top_n));
        BOOST_TEST((part.extra == whole.extra));
    }
    BOOST_TEST((joined == whole.documents));
    BOOST_TEST((rerank_batch(whole, 0, 5) == whole));
    BOOST_TEST(rerank_batch(whole, 9, 2).documents.empty());
}

BOOST_AUTO_TEST_CASE(joined_answers_are_one_answer)
{
    rerank_request whole = request_of(5);
    rerank_merger merger;
    merger.add(answer_to({0.1, 0.9}), 0);
    rerank_response second = answer_to({0.9, 0.2});
    second.id = "second";
    merger.add(std::move(second), 2);
    merger.add(answer_to({0.5}), 4);
    whole.top_n = 4;
    const rerank_response all = std::move(merger).finish(whole);
    BOOST_TEST(all.id == "first");
    std::vector<std::int64_t> order;
    for (rerank_result const& one : all.results) {
        order.push_back(one.index);
    }
    BOOST_TEST(order == (std::vector<std::int64_t>{1, 2, 4, 3}), boost::test_tools::per_element());
    BOOST_TEST(all.usage.prompt_tokens == 30);
    BOOST_TEST(all.usage.total_tokens == 30);
    BOOST_TEST((all.search_units == 3));
}

BOOST_AUTO_TEST_CASE(services_say_how_much_they_take)
{
    const provider_context context;
    BOOST_TEST(huggingface::client().rerank()->max_inputs(context) == 32U);
    BOOST_TEST(voyage::client().rerank()->max_inputs(context) == 1000U);
    BOOST_TEST(bedrock::agent_client().rerank()->max_inputs(context) == 1000U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test

#include "lib/engine/continued_relay.hpp"

#include "providers/registry.hpp"
#include "test/lib/engine/script.hpp"

#include <cogate/payer.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace wire = cogate::wire;
using namespace cogate::test;

namespace {

/// Takes everything and keeps the bills.
struct purse final : cogate::payer {
    cogate::result<void> take(cogate::attempt_offer const&) override { return {}; }
    void pay(cogate::attempt_bill const& bill) noexcept override { bills.push_back(bill); }
    std::vector<cogate::attempt_bill> bills;
};

std::string event(std::string const& type, std::string const& members)
{
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
}

/// Anthropic's stream up to its `pieces`-th piece of text, and then silence: the true count would have come at the
/// end.
wire::scripted_reply cut_message(int pieces)
{
    std::string text = event(
        "message_start",
        R"("message":{"id":"m1","type":"message","role":"assistant","model":"up","content":[],"stop_reason":null,)"
        R"("stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":1}})");
    text += event("content_block_start", R"("index":0,"content_block":{"type":"text","text":""})");
    for (int i = 0; i != pieces; ++i) {
        text += event("content_block_delta", R"("index":0,"delta":{"type":"text_delta","text":"word "})");
    }
    wire::scripted_reply reply;
    reply.headers = {{"content-type", "text/event-stream"}};
    reply.body.push_back({std::chrono::milliseconds(10), std::move(text)});
    reply.end = wire::scripted_reply::ending::stall;
    return reply;
}

/// Reads `most` times and goes; gives what came.
asio::awaitable<std::string> listen(cogate::engine::kernel& kernel, std::shared_ptr<purse> pays,
                                    std::string_view dialect, int most)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    std::string const body =
        R"({"model":"m","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"hi"}]})";
    cogate::engine::inbound_chat const inbound{.dialect = *cogate::providers::find_server_dialect(dialect),
                                               .body = body};
    auto const task = cogate::engine::read_chat(inbound);
    cogate::call_options options;
    options.payer = std::move(pays);
    cogate::engine::continued_relay call{kernel, executor, "chat", inbound, **task, "m", options};
    cogate::result<void> const started = co_await call.start();
    if (!started) {
        co_return started.error()->message;
    }
    std::string heard;
    for (int i = 0; i != most; ++i) {
        cogate::result<std::string_view> const events = co_await call.next();
        if (!events) {
            co_return events.error()->message;
        }
        if (events->empty()) {
            break;
        }
        heard += *events;
    }
    co_return heard;
}

/// A gateway whose only deployment, "m", costs a dollar per million tokens.
std::shared_ptr<cogate::engine::kernel> priced_gateway(std::string model, wire::scripted_reply reply)
{
    cogate::gateway_options options;
    options.providers_from_environment = false;
    options.environment = [](std::string const&) { return std::optional<std::string>{}; };
    options.router.num_retries = 0;
    options.deployments.push_back(
        {.model_name = "m",
         .model = std::move(model),
         .api_base = "http://upstream.test",
         .api_key = cogate::secret("sk-test"),
         .prices = {{"input_cost_per_token", "1e-6"}, {"output_cost_per_token", "1e-6"}}});
    return std::make_shared<cogate::engine::kernel>(
        std::move(options), cogate::transports::make_scripted_transport(
                                [reply = std::move(reply)](std::string_view) { return reply; }));
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_attempt_cost)

BOOST_AUTO_TEST_CASE(who_leaves_before_the_count_pays_for_what_was_heard)
{
    virtual_loop loop;
    auto const kernel = priced_gateway("anthropic/up", cut_message(20));
    auto const pays = std::make_shared<purse>();
    std::string const heard = loop.run(listen(*kernel, pays, "anthropic_messages", 1));
    BOOST_TEST_REQUIRE(heard.find("word ") != std::string::npos, heard);
    BOOST_TEST_REQUIRE(pays->bills.size() == 1U);
    cogate::attempt_bill const& bill = pays->bills.front();
    BOOST_TEST(bill.cancelled);
    BOOST_TEST(bill.estimated);
    BOOST_TEST(!bill.spent_nothing);
    BOOST_TEST(bill.tokens.prompt_tokens == 10);
    BOOST_TEST(bill.tokens.completion_tokens == 21); // an event each, the block's opening too
    BOOST_TEST_REQUIRE(bill.cost.has_value());
    BOOST_TEST(bill.cost->nanos() == 31'000);
}

BOOST_AUTO_TEST_CASE(a_good_stream_that_counts_nothing_is_not_free)
{
    virtual_loop loop;
    auto const kernel =
        priced_gateway("openai/up", event_stream({content_event("one"), content_event("two"),
                                                  content_event("three"), finish_event(), "[DONE]"}));
    auto const pays = std::make_shared<purse>();
    std::string const heard = loop.run(listen(*kernel, pays, "openai_chat", 100));
    BOOST_TEST_REQUIRE(heard.find("three") != std::string::npos, heard);
    BOOST_TEST_REQUIRE(pays->bills.size() == 1U);
    cogate::attempt_bill const& bill = pays->bills.front();
    BOOST_TEST(!bill.cancelled);
    BOOST_TEST(bill.estimated);
    BOOST_TEST(bill.tokens.completion_tokens == 3);
    BOOST_TEST(bill.tokens.prompt_tokens > 0);
    BOOST_TEST_REQUIRE(bill.cost.has_value());
    BOOST_TEST(bill.cost->nanos() == 1'000 * (bill.tokens.prompt_tokens + 3));
}

BOOST_AUTO_TEST_SUITE_END()

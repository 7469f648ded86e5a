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

/// Reads once and goes; gives what came.
asio::awaitable<std::string> leave_early(cogate::engine::kernel& kernel, std::shared_ptr<purse> pays)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    std::string const body =
        R"({"model":"m","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"hi"}]})";
    cogate::engine::inbound_chat const inbound{
        .dialect = *cogate::providers::find_server_dialect("anthropic_messages"), .body = body};
    auto const task = cogate::engine::read_chat(inbound);
    cogate::call_options options;
    options.payer = std::move(pays);
    cogate::engine::continued_relay call{kernel, executor, "chat", inbound, **task, "m", options};
    cogate::result<void> const started = co_await call.start();
    if (!started) {
        co_return started.error()->message;
    }
    cogate::result<std::string_view> const events = co_await call.next();
    co_return events ? std::string(*events) : events.error()->message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_attempt_cost)

BOOST_AUTO_TEST_CASE(who_leaves_before_the_count_pays_for_what_was_heard)
{
    virtual_loop loop;
    cogate::gateway_options options;
    options.providers_from_environment = false;
    options.environment = [](std::string const&) { return std::optional<std::string>{}; };
    options.router.num_retries = 0;
    options.deployments.push_back(
        {.model_name = "m",
         .model = "anthropic/up",
         .api_base = "http://upstream.test",
         .api_key = cogate::secret("sk-test"),
         .prices = {{"input_cost_per_token", "1e-6"}, {"output_cost_per_token", "1e-6"}}});
    auto kernel = std::make_shared<cogate::engine::kernel>(
        std::move(options),
        cogate::transports::make_scripted_transport([](std::string_view) { return cut_message(20); }));
    auto const pays = std::make_shared<purse>();
    std::string const heard = loop.run(leave_early(*kernel, pays));
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

BOOST_AUTO_TEST_SUITE_END()

#include "lib/engine/token_source.hpp"

#include "test/common/context_loop.hpp"
#include "transports/memory/memory_transport.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace cogate::test {
namespace {

using namespace std::chrono_literals;

/// Asks one place for a token that says which fetch it was.
class numbered_credential final : public providers::credential {
public:
    kind how() const noexcept override { return kind::token; }
    std::string_view identity() const noexcept override { return "one"; }
    result<providers::token_request> ask(std::chrono::system_clock::time_point) const override
    {
        providers::token_request out;
        out.url = *wire::parse_url("https://tokens.example/token");
        out.request.path = "/v1";
        out.request.body = "grant";
        return out;
    }
    result<providers::access_token> read(int status, std::string_view body) const override
    {
        if (status != 200) {
            return failure{error_kind::authentication, "no token"};
        }
        return providers::access_token{secret(std::string(body)), 100s};
    }
};

struct token_rig {
    virtual_loop loop;
    int fetches = 0;
    int status = 200;
    std::chrono::milliseconds delay{50};
    std::shared_ptr<transports::memory_transport> upstream;
    engine::served_deployment served;
    engine::token_source tokens;

    token_rig()
    {
        upstream = transports::make_scripted_transport([this](std::string_view) {
            wire::scripted_reply reply;
            reply.status = status;
            reply.head_delay = delay;
            reply.body.push_back({.bytes = "t" + std::to_string(++fetches)});
            return reply;
        });
        served.transport = upstream;
        served.credential = std::make_shared<numbered_credential>();
    }

    // co_spawn copies the coroutine's arguments; `to` lives in the test.
    static asio::awaitable<void> take(token_rig& rig, std::vector<std::string>& to)
    {
        asio::any_io_executor const executor = co_await asio::this_coro::executor;
        asio::awaitable<result<providers::header_list>> work = rig.tokens.fields(executor, rig.served);
        result<providers::header_list> const got = co_await std::move(work);
        to.push_back(got ? got->front().second : got.error()->message);
    }

    std::vector<std::string> ask(int callers)
    {
        std::vector<std::string> out;
        for (int i = 0; i != callers; ++i) {
            asio::co_spawn(loop.context(), take(*this, out), asio::detached);
        }
        do {
            loop.settle();
        } while (out.size() != static_cast<std::size_t>(callers) && loop.clock().advance_to_next());
        return out;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(engine_token_source)

BOOST_AUTO_TEST_CASE(many_callers_are_one_fetch)
{
    token_rig rig;
    BOOST_TEST((rig.ask(5) == std::vector<std::string>(5, "Bearer t1")));
    BOOST_TEST(rig.fetches == 1);
    BOOST_TEST((rig.ask(2) == std::vector<std::string>(2, "Bearer t1")));
    BOOST_TEST(rig.fetches == 1);
}

BOOST_AUTO_TEST_CASE(it_is_renewed_before_its_end_and_the_old_one_serves_meanwhile)
{
    token_rig rig;
    rig.ask(1);
    rig.loop.clock().advance_by(60s); // of 100 s: fifty are left for the renewal
    BOOST_TEST((rig.ask(3) == std::vector<std::string>(3, "Bearer t1")));
    while (rig.loop.clock().advance_to_next()) {
        rig.loop.settle();
    }
    BOOST_TEST(rig.fetches == 2);
    BOOST_TEST((rig.ask(1) == std::vector<std::string>{"Bearer t2"}));
}

BOOST_AUTO_TEST_CASE(a_failed_fetch_is_told_and_tried_again)
{
    token_rig rig;
    rig.status = 500;
    BOOST_TEST((rig.ask(3) == std::vector<std::string>(3, "no token")));
    BOOST_TEST(rig.fetches == 1);
    rig.status = 200;
    BOOST_TEST((rig.ask(1) == std::vector<std::string>{"Bearer t2"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test

#include "transports/load_generator/load_generator.hpp"
#include "transports/mock_server/mock_server.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace {

namespace load = cogate::transports::load;
namespace mock = cogate::transports::mock;

/// A mock on its own thread.
class running_mock {
public:
    explicit running_mock(mock::mock_options options)
        : server_(std::move(options)), thread_([this] { server_.run(); })
    {}
    ~running_mock()
    {
        server_.stop();
        thread_.join();
    }
    std::uint16_t port() const { return server_.port(); }

private:
    mock::mock_server server_;
    std::thread thread_;
};

load::load_options ask(const running_mock& server, const std::string& model, bool stream)
{
    const std::string body =
        R"({"model":")" + model + R"(","messages":[],"stream":)" + (stream ? "true}" : "false}");
    load::load_options options;
    options.port = server.port();
    options.stream = stream;
    options.requests = 20;
    options.connections = 3;
    options.request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: mock\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
    return options;
}

BOOST_AUTO_TEST_SUITE(transports_load_generator)

BOOST_AUTO_TEST_CASE(good_answers_are_counted_and_timed)
{
    const running_mock server({});
    const load::load_report plain = load::run_load(ask(server, "m", false));
    BOOST_CHECK(plain.good());
    BOOST_CHECK(plain.completed >= 20 && plain.completed <= 23);
    BOOST_CHECK_EQUAL(plain.latency.count(), plain.completed);
    BOOST_CHECK_EQUAL(plain.connects, 3u);

    const load::load_report stream = load::run_load(ask(server, "m", true));
    BOOST_CHECK(stream.good());
    // 16 deltas, one with the finish reason, [DONE].
    BOOST_CHECK_EQUAL(stream.events, stream.completed * 18);
    BOOST_CHECK_EQUAL(stream.first_event.count(), stream.completed);
    BOOST_CHECK(stream.event_gap.count() >= stream.completed * 17);
}

BOOST_AUTO_TEST_CASE(bad_answers_are_errors_by_kind_and_never_fast)
{
    const running_mock server({});
    const struct {
        const char* model;
        bool stream;
        const char* kind;
    } cases[]{{"fault/status-429", false, "http_429"},  {"fault/garbage-body", false, "bad_body"},
              {"fault/no-done", true, "no_done"},       {"fault/error-event", true, "error_event"},
              {"fault/cut-after-3", true, "truncated"}, {"fault/bad-chunk", true, "bad_http"},
              {"fault/close", false, "no_answer"},      {"fault/stall", true, "timeout"}};
    for (const auto& each : cases) {
        load::load_options options = ask(server, each.model, each.stream);
        options.requests = 0;
        options.duration = std::chrono::milliseconds(100);
        if (std::string_view(each.kind) == "timeout") {
            options.timeout = std::chrono::milliseconds(50);
        }
        const load::load_report report = load::run_load(options);
        BOOST_CHECK_MESSAGE(!report.good() && report.completed == 0 && report.latency.count() == 0,
                            each.model);
        BOOST_CHECK_MESSAGE(report.errors.size() == 1 && report.errors.count(each.kind) == 1, each.model);
    }
}

BOOST_AUTO_TEST_CASE(an_open_loop_counts_from_the_intended_moment)
{
    mock::mock_options slow;
    slow.latency.base = std::chrono::milliseconds(20);
    const running_mock server(slow);
    load::load_options options = ask(server, "m", false);
    options.connections = 1;
    options.schedule = load::arrivals::fixed;
    options.rate = 200;
    options.requests = 10;
    const load::load_report report = load::run_load(options);
    // One connection serves 50 per second of the 200 that are due: the tenth waits for nine others.
    BOOST_CHECK(report.latency.max() > 100'000'000);
    BOOST_CHECK(report.latency.min() >= 20'000'000);
    BOOST_CHECK(report.unsent > 0);
}

BOOST_AUTO_TEST_CASE(no_server_ends_the_run)
{
    std::uint16_t port = 0;
    {
        const running_mock gone({});
        port = gone.port();
    }
    load::load_options options;
    options.port = port;
    options.request = "x";
    const load::load_report report = load::run_load(options);
    BOOST_CHECK_EQUAL(report.connects, 0u);
    BOOST_CHECK(report.errors.count("connect") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

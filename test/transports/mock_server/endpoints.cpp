#include "transports/load_generator/load_generator.hpp"
#include "transports/mock_server/mock_server.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

namespace {

namespace load = cogate::transports::load;
namespace mock = cogate::transports::mock;

/// Three good answers; those that are none end with the time.
load::load_report ask(std::uint16_t port, std::string_view path, bool stream, bool good = true)
{
    const std::string body = std::string(R"({"model":"m","stream":)") + (stream ? "true}" : "false}");
    load::load_options options;
    options.port = port;
    options.requests = good ? 3 : 0;
    options.duration = std::chrono::milliseconds(20);
    options.stream = stream;
    options.mark = load::end_mark::message_stop;
    options.request = "POST " + std::string(path) +
                      " HTTP/1.1\r\nHost: mock\r\nContent-Length: " + std::to_string(body.size()) +
                      "\r\n\r\n" + body;
    return load::run_load(options);
}

BOOST_AUTO_TEST_SUITE(transports_mock_server)

BOOST_AUTO_TEST_CASE(every_dialect_has_its_path)
{
    mock::mock_server server({});
    std::jthread thread([&server] { server.run(); });
    for (const std::string_view path : {"/v1/chat/completions", "/v1/messages", "/messages", "/v1/responses",
                                        "/v1beta/models/m:generateContent", "/v1/models/m:generateContent"}) {
        BOOST_CHECK_MESSAGE(ask(server.port(), path, false).good(), path);
    }
    const load::load_report stream = ask(server.port(), "/v1/messages", true);
    BOOST_CHECK(stream.good());
    // 16 deltas and the five events around them.
    BOOST_CHECK_EQUAL(stream.events, stream.completed * 21);
    for (const std::string_view path :
         {"/v1/chat/completions", "/v1beta/models/m:streamGenerateContent?alt=sse"}) {
        BOOST_CHECK_MESSAGE(ask(server.port(), path, true, false).errors.contains("no_done"), path);
    }
    for (const std::string_view path : {"/v1/message", "/v1beta/models/m:countTokens",
                                        "/v1/models/m\"x:generateContent", "/v1/models/:", "/v2/messages"}) {
        BOOST_CHECK_MESSAGE(ask(server.port(), path, false, false).errors.contains("http_404"), path);
    }
    server.stop();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

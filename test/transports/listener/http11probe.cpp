#include "test/common/shared_files.hpp"
#include "test/transports/listener/test_client.hpp"
#include "test/transports/listener/test_service.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

// Raw requests of the Http11Probe project, judged by the answers it expects, each over its own connection.
BOOST_AUTO_TEST_SUITE(transports_listener_http11probe)

namespace {

using namespace cogate;

struct probe {
    std::string id;
    std::string expected;
    std::string bytes;
};

struct outcome {
    int status = 0;
    bool closed = false;      ///< by the server, before we closed our side
    bool exactly_one = false; ///< no second answer: nothing of the bytes was taken for another request
};

bool mentions(std::string_view text, std::string_view word)
{
    return text.find(word) != std::string_view::npos;
}

std::string replaced(std::string text, std::string_view what, std::string_view with)
{
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
        text.replace(at, what.size(), with);
    }
    return text;
}

/// SMUG cases that look odd but leave no doubt about the framing.
bool unambiguous(std::string_view id)
{
    static constexpr std::array legal{"SMUG-CL-TRAILING-SPACE", "SMUG-CL-EXTRA-LEADING-SP",
                                      "SMUG-EXPECT-100-CL",     "SMUG-HEAD-CL-BODY",
                                      "SMUG-OPTIONS-CL-BODY",   "SMUG-TRAILER-CONTENT-TYPE"};
    return std::find(legal.begin(), legal.end(), id) != legal.end();
}

bool refused(outcome const& got)
{
    return got.closed && got.exactly_one && got.status >= 400 && got.status < 506;
}

bool as_expected(probe const& test, outcome const& got)
{
    std::string_view const expected = test.expected;
    if (!got.exactly_one || got.status >= 506) {
        return false;
    }
    if (expected.starts_with("!101")) {
        return got.status != 101 && got.status != 0;
    }
    if (test.id.starts_with("SMUG-") && mentions(expected, "400") && !unambiguous(test.id)) {
        return refused(got);
    }
    if (mentions(expected, "2xx + close")) {
        return got.status == 200 && got.closed;
    }
    bool const success = got.status >= 200 && got.status < 300;
    bool const named = mentions(expected, std::to_string(got.status)) && (success || got.closed);
    bool const allowed_success = success && mentions(expected, "2xx");
    bool const end = mentions(expected, "close") || mentions(expected, "timeout");
    return named || allowed_success || (end && (refused(got) || (got.status == 0 && got.closed)));
}

outcome run(std::uint16_t port, probe const& test)
{
    test::raw_client client(port);
    client.send(test.bytes);
    // What would otherwise wait for more bytes is told that there are none.
    bool const ends = mentions(test.expected, "timeout");
    if (ends) {
        client.half_close();
    }
    outcome got;
    test::raw_answer answer = client.receive(test.bytes.starts_with("HEAD "));
    if (answer.status == 100) {
        answer = client.receive();
    }
    got.status = answer.status;
    got.closed = answer.status == 0 || answer.says_close();
    if (!got.closed) {
        client.half_close();
    }
    got.exactly_one = client.ended();
    return got;
}

std::vector<probe> read_probes(std::filesystem::path const& file, std::string const& authority)
{
    std::vector<probe> probes;
    boost::json::value const all = boost::json::parse(test::read_file(file));
    for (boost::json::value const& entry : all.at("cases").as_array()) {
        std::string raw(entry.at("rawRequest").as_string());
        probes.push_back({std::string(entry.at("id").as_string()),
                          std::string(entry.at("expected").as_string()),
                          replaced(std::move(raw), "localhost:8080", authority)});
    }
    return probes;
}

/// The cases that the file describes in words only.
std::vector<probe> described_probes(std::string const& authority)
{
    std::string const host = "Host: " + authority + "\r\n";
    std::string const get = "GET / HTTP/1.1\r\n" + host;
    std::string many = get;
    for (int i = 0; i < 10'000; ++i) {
        many += "X-H" + std::to_string(i) + ": v\r\n";
    }
    std::string garbage;
    for (unsigned i = 0; i < 512; ++i) {
        garbage.push_back(static_cast<char>((i * 167U + 131U) % 256U));
    }
    std::string const long_text(100 * 1024, 'a');
    return {
        {"MAL-BINARY-GARBAGE", "400/close/timeout", garbage},
        {"MAL-LONG-URL", "400/414/431 or close", "GET /" + long_text + " HTTP/1.1\r\n" + host + "\r\n"},
        {"MAL-LONG-HEADER-VALUE", "400/431 or close", get + "X-Big: " + long_text + "\r\n\r\n"},
        {"MAL-MANY-HEADERS", "400/431 or close", many + "\r\n"},
        {"MAL-LONG-HEADER-NAME", "400/431 or close", get + long_text + ": v\r\n\r\n"},
        {"MAL-LONG-METHOD", "400 or close", long_text + " / HTTP/1.1\r\n" + host + "\r\n"},
        {"MAL-NON-ASCII-HEADER-NAME", "400 or close", get + "X-T\xc3\xabst: v\r\n\r\n"},
        {"MAL-NON-ASCII-URL", "400 or close", "GET /caf\xc3\xa9 HTTP/1.1\r\n" + host + "\r\n"},
        {"MAL-URL-OVERLONG-UTF8", "400 or close", "GET /\xc0\xaf HTTP/1.1\r\n" + host + "\r\n"},
        {"MAL-CHUNK-EXT-64K", "400",
         "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5;a=" +
             std::string(64 * 1024, 'x') + "\r\nhello\r\n0\r\n\r\n"},
    };
}

void judge(std::uint16_t port, std::vector<probe> const& probes)
{
    for (probe const& test : probes) {
        outcome const got = run(port, test);
        bool const good = as_expected(test, got);
        BOOST_TEST_MESSAGE((good ? "  ok   " : "  BAD  ")
                           << test.id << " -> " << got.status << (got.closed ? " closed" : " open")
                           << (got.exactly_one ? "" : ", more than one answer") << "   (" << test.expected
                           << ")");
        BOOST_TEST(good, test.id << " answered " << got.status << (got.closed ? ", closed" : ", open")
                                 << ", expected " << test.expected);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(recorded_cases)
{
    auto const shared = test::shared_dir();
    if (!shared || !std::filesystem::exists(*shared / "data" / "http11probe.json")) {
        BOOST_TEST_MESSAGE("skipped: recorded_cases needs shared/data/http11probe.json");
        return;
    }
    test::test_service service;
    std::string const authority = "127.0.0.1:" + std::to_string(service.port());
    std::vector<probe> const probes = read_probes(*shared / "data" / "http11probe.json", authority);
    BOOST_TEST(probes.size() == 133U);
    judge(service.port(), probes);
}

BOOST_AUTO_TEST_CASE(described_cases)
{
    test::test_service service;
    judge(service.port(), described_probes("127.0.0.1:" + std::to_string(service.port())));
}

BOOST_AUTO_TEST_SUITE_END()

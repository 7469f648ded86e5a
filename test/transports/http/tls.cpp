#include "transports/http/dns_cache.hpp"
#include "transports/http/http_transport.hpp"
#include "transports/http/pool.hpp"

#include "test/common/context_loop.hpp"
#include "test/common/fault_server.hpp"
#include "test/common/test_certificates.hpp"
#include "test/transports/http/fetch.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>

using namespace cogate::transports;
using namespace std::chrono_literals;
using namespace cogate::test;
using cogate::error_kind;

namespace {

const std::string hello = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

fault_server::script answering(std::string const& bytes)
{
    return {fault_server::read_request(), fault_server::send(bytes), fault_server::read_request(),
            fault_server::send(bytes), fault_server::until_closed()};
}

struct authority {
    identity self = make_identity({.common_name = "test authority", .until_days = 60, .authority = true});
    temporary_pem file{self};
};

authority const& trusted()
{
    static const authority made;
    return made;
}

struct fixture {
    fixture()
    {
        dns_cache::of(loop.context()).remember("localhost", {boost::asio::ip::make_address("127.0.0.1")});
    }

    fetched get(fault_server const& server, std::string const& host = "localhost")
    {
        return loop.run(fetch(via, server.where(host, trusted().file.path()), limits, post("{}")));
    }

    /// The failure that a server of this identity meets; checks that nothing was sent to it.
    fetched refused(identity const& who, std::string const& host = "localhost")
    {
        const auto other = serve_as(who);
        fault_server server(loop.context(), {answering(hello)}, other.get());
        fetched out = get(server, host);
        BOOST_TEST(out.code == "upstream_tls");
        BOOST_TEST((out.kind == error_kind::connection));
        BOOST_TEST(server.connection(0).received == "");
        BOOST_TEST(out.message.starts_with("TLS with https://" + host + ':'), out.message);
        return out;
    }

    virtual_loop loop;
    std::shared_ptr<http_transport> via = std::make_shared<http_transport>(http_transport_options{});
    exchange_limits limits;
    identity good = make_identity({.alternative_names = "DNS:localhost,IP:127.0.0.1"}, &trusted().self);
    std::unique_ptr<boost::asio::ssl::context> settings = serve_as(good);
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(transports_http_tls, fixture)

BOOST_AUTO_TEST_CASE(a_verified_connection_serves_and_is_kept)
{
    fault_server server(loop.context(), {answering(hello)}, settings.get());
    const fetched first = get(server);
    BOOST_TEST(first.code == "ok", first.message);
    BOOST_TEST(first.body == "hello");
    const fetched second = get(server);
    BOOST_TEST(second.body == "hello");
    BOOST_TEST(second.reused);
    BOOST_TEST(server.connections() == 1U);
    BOOST_TEST(server.connection(0).alpn == "http/1.1");
    BOOST_TEST(server.connection(0).server_name == "localhost");
    BOOST_TEST(server.connection(0).received == post("{}") + post("{}"));
}

BOOST_AUTO_TEST_CASE(addresses_are_verified_without_a_server_name)
{
    fault_server server(loop.context(), {answering(hello)}, settings.get());
    const fetched out = get(server, "127.0.0.1");
    BOOST_TEST(out.code == "ok", out.message);
    BOOST_TEST(server.connection(0).server_name == "");
    const identity other =
        make_identity({.alternative_names = "DNS:localhost,IP:127.0.0.2"}, &trusted().self);
    BOOST_TEST(refused(other, "127.0.0.1").message.find("mismatch") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(wrong_peers_are_refused_with_the_reason)
{
    const auto says = [](fetched const& out, char const* what) {
        BOOST_TEST(out.message.find(what) != std::string::npos, out.message);
    };
    says(refused(make_identity({.alternative_names = "DNS:other.test"}, &trusted().self)), "mismatch");
    says(refused(make_identity({.common_name = "localhost"}, &trusted().self)), "mismatch"); // no SAN
    says(refused(make_identity({.alternative_names = "DNS:localhost", .from_days = -9, .until_days = -1},
                               &trusted().self)),
         "expired");
    says(refused(make_identity({.alternative_names = "DNS:localhost", .from_days = 1}, &trusted().self)),
         "not yet valid");
    const identity unknown = make_identity({.common_name = "nobody", .authority = true});
    says(refused(make_identity({.alternative_names = "DNS:localhost"}, &unknown)), "local issuer");
    says(refused(make_identity({.alternative_names = "DNS:localhost"})), "self");
    // A leaf is no authority.
    const identity leaf = make_identity({.common_name = "leaf", .alternative_names = "DNS:localhost"}, &good);
    says(refused(leaf), "issuer");
    BOOST_TEST(via->stats().opened == 0U);
}

BOOST_AUTO_TEST_CASE(old_protocols_are_refused)
{
    SSL_CTX_set_max_proto_version(settings->native_handle(), TLS1_1_VERSION);
    SSL_CTX_set_min_proto_version(settings->native_handle(), TLS1_VERSION);
    SSL_CTX_set_cipher_list(settings->native_handle(), "DEFAULT@SECLEVEL=0");
    fault_server server(loop.context(), {answering(hello)}, settings.get());
    const fetched out = get(server);
    BOOST_TEST(out.code == "upstream_tls");
    BOOST_TEST(!server.connection(0).handshake_done);
}

BOOST_AUTO_TEST_CASE(a_plain_http_peer_is_refused)
{
    fault_server server(loop.context(), {{fault_server::read_bytes(1), fault_server::send(hello)}});
    endpoint where = server.where();
    where.url.scheme = "https";
    where.url.tls = true;
    const fetched out = loop.run(fetch(via, where, limits, post("{}")));
    BOOST_TEST(out.code == "upstream_tls");
}

BOOST_AUTO_TEST_CASE(a_handshake_has_its_own_deadline)
{
    limits.tls = 250ms;
    fault_server server(loop.context(), {{fault_server::handshake_stall(), fault_server::until_closed()}},
                        settings.get());
    const steady_time start = loop.clock().now();
    BOOST_TEST(get(server).code == "timeout_tls");
    BOOST_TEST((loop.clock().now() == start + 250ms));
    loop.settle();
    BOOST_TEST(server.connection(0).peer_closed);
}

BOOST_AUTO_TEST_CASE(the_second_connection_resumes_the_session)
{
    for (int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
        BOOST_TEST_CONTEXT("version " << version)
        {
            via = std::make_shared<http_transport>(http_transport_options{});
            SSL_CTX_set_max_proto_version(settings->native_handle(), version);
            const std::string last = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi";
            fault_server server(loop.context(), {answering(last)}, settings.get());
            for (int i = 0; i < 3; ++i) {
                const fetched out = get(server);
                BOOST_TEST(out.code == "ok", out.message);
            }
            BOOST_TEST(server.connections() == 3U);
            BOOST_TEST(!server.connection(0).resumed);
            BOOST_TEST(server.connection(1).resumed);
            BOOST_TEST(server.connection(2).resumed);
            BOOST_TEST(via->stats().resumed == 2U);
        }
    }
}

BOOST_AUTO_TEST_CASE(sessions_are_not_shared_between_pool_keys)
{
    const std::string last = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi";
    fault_server server(loop.context(), {answering(last)}, settings.get());
    BOOST_TEST(get(server).code == "ok");
    endpoint where = server.where("localhost", trusted().file.path());
    where.pool_key += " another tenant";
    BOOST_TEST(loop.run(fetch(via, where, limits, post("{}"))).code == "ok");
    BOOST_TEST(!server.connection(1).resumed);
}

BOOST_AUTO_TEST_CASE(without_close_notify_a_body_without_length_is_cut)
{
    fault_server server(loop.context(),
                        {{fault_server::read_request(), fault_server::send("HTTP/1.1 200 OK\r\n\r\nhel"),
                          fault_server::fin(), fault_server::until_closed()}},
                        settings.get());
    const fetched out = get(server);
    BOOST_TEST(out.body == "hel");
    BOOST_TEST(out.code == "upstream_truncated");
}

BOOST_AUTO_TEST_CASE(bytes_behind_an_answer_forbid_reuse)
{
    fault_server server(loop.context(),
                        {{fault_server::read_request(), fault_server::send(hello), fault_server::send(hello),
                          fault_server::until_closed()},
                         answering(hello)},
                        settings.get());
    BOOST_TEST(get(server).body == "hello");
    const fetched second = get(server);
    BOOST_TEST(second.body == "hello");
    BOOST_TEST(!second.reused);
}

BOOST_AUTO_TEST_CASE(large_bodies_pass_both_ways)
{
    const std::string large(300'000, 'x');
    fault_server server(loop.context(),
                        {answering("HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n" + large)},
                        settings.get());
    const fetched out =
        loop.run(fetch(via, server.where("localhost", trusted().file.path()), limits, post(large)));
    BOOST_TEST(out.code == "ok", out.message);
    BOOST_TEST((out.body == large));
    BOOST_TEST((server.connection(0).received == post(large)));
}

BOOST_AUTO_TEST_CASE(an_answer_in_many_records_arrives_whole)
{
    const std::string body(3000, 'x');
    const std::string bytes = "HTTP/1.1 200 OK\r\ncontent-length: 3000\r\n\r\n" + body;
    for (std::size_t size : {1U, 7U, 100U}) {
        fault_server server(
            loop.context(),
            {{fault_server::read_request(), fault_server::drip(bytes, size), fault_server::until_closed()}},
            settings.get());
        const fetched out = get(server);
        BOOST_TEST(out.code == "ok", out.message);
        BOOST_TEST(out.body == body);
        BOOST_TEST(out.received == bytes.size());
    }
}

BOOST_AUTO_TEST_CASE(a_silent_peer_times_out)
{
    fault_server server(loop.context(), {{fault_server::read_request(), fault_server::pause(1h)}},
                        settings.get());
    BOOST_TEST(get(server).code == "timeout_first_byte");
}

BOOST_AUTO_TEST_CASE(a_peer_that_stops_reading_times_the_write_out)
{
    fault_server server(loop.context(), {{fault_server::read_bytes(100), fault_server::pause(1h)}},
                        settings.get());
    const std::string large = post(std::string(32 * 1024 * 1024, 'x'));
    const fetched out = loop.run(fetch(via, server.where("localhost", trusted().file.path()), limits, large));
    BOOST_TEST(out.code == "timeout_write");
}

BOOST_AUTO_TEST_CASE(a_peer_that_resets_amid_the_request_is_a_failure_and_no_signal)
{
    fault_server server(loop.context(), {{fault_server::read_bytes(100), fault_server::reset()}},
                        settings.get());
    const std::string large = post(std::string(32 * 1024 * 1024, 'x'));
    const fetched out = loop.run(fetch(via, server.where("localhost", trusted().file.path()), limits, large));
    BOOST_TEST((out.kind == error_kind::connection));
    BOOST_TEST(out.status == 0);
}

BOOST_AUTO_TEST_CASE(an_unusable_file_of_authorities_is_named)
{
    fault_server server(loop.context(), {answering(hello)}, settings.get());
    const fetched out =
        loop.run(fetch(via, server.where("localhost", "/nowhere/authorities.pem"), limits, post("{}")));
    BOOST_TEST(out.code == "upstream_tls");
    BOOST_TEST(out.message.find("/nowhere/authorities.pem") != std::string::npos);
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

#include "lib/cli/keys.hpp"

#include "lib/cli/command.hpp"
#include "lib/cli/keys_client.hpp"
#include "lib/cli/keys_request.hpp"
#include "lib/cli/keys_text.hpp"
#include "test/lib/cli/silence.hpp"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace cogate;
using namespace cogate::cli;

namespace {

/// Takes connections one after the other, keeps what each sent, and gives each the next answer.
class scripted_gateway {
public:
    explicit scripted_gateway(std::vector<std::string> answers) : answers_(std::move(answers))
    {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        BOOST_REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&at), size) == 0);
        BOOST_REQUIRE(::listen(socket_, 8) == 0);
        BOOST_REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
        port_ = ntohs(at.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~scripted_gateway() { join(); }
    scripted_gateway(scripted_gateway const&) = delete;
    scripted_gateway& operator=(scripted_gateway const&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

    /// What was sent; ends the gateway.
    std::vector<std::string> const& requests()
    {
        join();
        return requests_;
    }

private:
    void join()
    {
        if (thread_.joinable()) {
            ::shutdown(socket_, SHUT_RDWR);
            thread_.join();
            ::close(socket_);
        }
    }

    static bool is_whole(std::string const& text)
    {
        auto const end = text.find("\r\n\r\n");
        if (end == std::string::npos) {
            return false;
        }
        auto const length = text.find("content-length: ");
        std::size_t const body = length < end ? std::stoul(text.substr(length + 16)) : 0;
        return text.size() >= end + 4 + body;
    }

    void run()
    {
        for (std::string const& answer : answers_) {
            int const peer = ::accept(socket_, nullptr, nullptr);
            if (peer < 0) {
                return;
            }
            std::string text;
            char block[4096];
            while (!is_whole(text)) {
                ssize_t const n = ::read(peer, block, sizeof block);
                if (n <= 0) {
                    break;
                }
                text.append(block, static_cast<std::size_t>(n));
            }
            requests_.push_back(text);
            if (::write(peer, answer.data(), answer.size()) < 0) {
                requests_.emplace_back("not written");
            }
            ::close(peer);
        }
    }

    std::vector<std::string> answers_;
    std::vector<std::string> requests_;
    int socket_ = -1;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

std::string http(int status, std::string const& body)
{
    return "HTTP/1.1 " + std::to_string(status) +
           " X\r\ncontent-type: application/json\r\ncontent-length: " + std::to_string(body.size()) +
           "\r\nconnection: close\r\n\r\n" + body;
}

struct answer {
    int code;
    std::string text;
};

answer run(std::vector<std::string> args)
{
    silence const held;
    int const code = keys_command(std::move(args));
    return {code, held.text()};
}

bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_keys)

BOOST_AUTO_TEST_CASE(flags_become_litellms_fields)
{
    key_wishes all;
    BOOST_TEST(create_key_request(all)->body == "{}");
    all.alias = "a\"b";
    all.user = "u";
    all.team = "t";
    all.max_budget = "12.50";
    all.budget_duration = "1mo";
    all.duration = "30d";
    all.requests_per_minute = 5;
    all.tokens_per_minute = 6;
    all.parallel_requests = 7;
    all.models = {"gpt-4o, opus", "x"};
    all.tags = {"one"};
    all.type = "llm_api";
    all.metadata = R"({"p":1})";
    result<providers::encoded_request> const made = create_key_request(all);
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST(made->path == "/key/generate");
    BOOST_TEST(
        made->body ==
        R"({"key_alias":"a\"b","user_id":"u","team_id":"t","key_type":"llm_api","max_budget":12.5,)"
        R"("budget_duration":"1mo","duration":"30d","rpm_limit":5,"tpm_limit":6,"max_parallel_requests":7,)"
        R"("models":["gpt-4o","opus","x"],"tags":["one"],"metadata":{"p":1}})");
    key_wishes some;
    some.max_budget = "0.000000001";
    BOOST_TEST(update_key_request("sk-1", some)->body == R"({"key":"sk-1","max_budget":0.000000001})");
    BOOST_TEST(update_key_request("sk-1", {}).has_error());
    for (char const* const amount : {"much", "-1", "", "1e99"}) {
        key_wishes wrong;
        wrong.max_budget = amount;
        BOOST_TEST(create_key_request(wrong).error()->param == "--max-budget");
    }
    for (char const* const metadata : {"[1]", "{", "x"}) {
        key_wishes wrong;
        wrong.metadata = metadata;
        BOOST_TEST(create_key_request(wrong).error()->param == "--metadata");
    }
    BOOST_TEST(key_info_request("sk-a+b").path == "/key/info?key=sk-a%2Bb");
    BOOST_TEST(list_keys_request({"u 1", "", "&"}, 3).path ==
               "/key/list?return_full_object=true&size=100&page=3&user_id=u%201&key_alias=%26");
    BOOST_TEST(delete_keys_request({"a", "b"}).body == R"({"keys":["a","b"]})");
    BOOST_TEST(regenerate_key_request("a", "24h").body == R"({"key":"a","grace_period":"24h"})");
    BOOST_TEST(regenerate_key_request("a", "").body == R"({"key":"a"})");
}

BOOST_AUTO_TEST_CASE(a_key_is_made_shown_once_and_its_maker_is_warned)
{
    scripted_gateway gateway({http(200, R"({"key":"sk-new","token":"abc","models":[],"expires":null})")});
    answer const made =
        run({"create", "--url", gateway.url(), "--master-key", "sk-master", "--alias", "search"});
    BOOST_TEST(made.code == exit_good);
    BOOST_TEST(has(made.text, "key    sk-new\ntoken  abc\n"));
    BOOST_TEST(has(made.text, "cannot show it again"));
    BOOST_TEST(!has(made.text, "expires"));
    std::vector<std::string> const& sent = gateway.requests();
    BOOST_REQUIRE(sent.size() == 1u);
    BOOST_TEST(sent[0].starts_with("POST /key/generate HTTP/1.1\r\n"));
    BOOST_TEST(has(sent[0], "authorization: Bearer sk-master\r\n"));
    BOOST_TEST(sent[0].ends_with(R"({"key_alias":"search"})"));
}

BOOST_AUTO_TEST_CASE(all_pages_of_a_list_are_one_table)
{
    std::string const key = R"({"token":"t1","key_name":"sk-...1","key_alias":"one\u001b[2J","user_id":null,)"
                            R"("spend":0.000000001,"max_budget":5,"blocked":true})";
    std::vector<std::string> const pages{http(200, R"({"keys":[)" + key + R"(],"total_pages":2})"),
                                         http(200, R"({"keys":[{"token":"t2"}],"total_pages":2})")};
    scripted_gateway gateway(pages);
    answer const listed = run({"list", "-u", gateway.url()});
    BOOST_TEST(listed.code == exit_good);
    BOOST_TEST(has(listed.text, "sk-...1  one[2J  -     -     0.000000001  5       -        blocked  t1\n"));
    BOOST_TEST(has(listed.text, "active   t2\n"));
    BOOST_TEST(!has(gateway.requests()[0], "authorization"));
    scripted_gateway again(pages);
    answer const raw = run({"list", "--json", "-u", again.url()});
    BOOST_TEST(raw.text == "[" + key + R"(,{"token":"t2"}])" + "\n");
    scripted_gateway empty({http(200, R"({"keys":[],"total_pages":0})")});
    BOOST_TEST(has(run({"list", "-u", empty.url()}).text, "There are no keys"));
}

BOOST_AUTO_TEST_CASE(every_command_goes_to_its_path)
{
    std::string const good = http(200, R"({"info":{"spend":1},"deleted_keys":["a","b"]})");
    scripted_gateway gateway({good, good, good, good, good, good});
    auto const ask = [&](std::vector<std::string> args) {
        args.insert(args.end(), {"--url", gateway.url()});
        return run(std::move(args));
    };
    BOOST_TEST(ask({"info", "sk-a"}).text == "spend  1\n");
    BOOST_TEST(has(ask({"delete", "sk-a", "sk-b"}).text, "deleted_keys  a, b\n"));
    BOOST_TEST(ask({"block", "sk-a"}).code == exit_good);
    BOOST_TEST(ask({"unblock", "sk-a"}).code == exit_good);
    BOOST_TEST(ask({"update", "sk-a", "--rpm", "3"}).code == exit_good);
    BOOST_TEST(has(ask({"regenerate", "sk-a", "--grace", "1h"}).text, "cannot show it again"));
    std::vector<std::string> const& sent = gateway.requests();
    BOOST_REQUIRE(sent.size() == 6u);
    BOOST_TEST(sent[0].starts_with("GET /key/info?key=sk-a HTTP/1.1\r\n"));
    BOOST_TEST(sent[1].starts_with("POST /key/delete "));
    BOOST_TEST(sent[2].starts_with("POST /key/block "));
    BOOST_TEST(sent[3].starts_with("POST /key/unblock "));
    BOOST_TEST(sent[4].ends_with(R"({"key":"sk-a","rpm_limit":3})"));
    BOOST_TEST(sent[5].ends_with(R"({"key":"sk-a","grace_period":"1h"})"));
}

BOOST_AUTO_TEST_CASE(refusals_are_said_with_what_to_do)
{
    scripted_gateway wrong_key({http(
        401,
        R"({"error":{"message":"This key is not known.","type":"auth_error","param":null,"code":"401"}})")});
    answer const refused = run({"list", "--url", wrong_key.url(), "--master-key", "sk-wrong"});
    BOOST_TEST(refused.code == exit_failed);
    BOOST_TEST(has(refused.text, "This key is not known."));
    BOOST_TEST(has(refused.text, "COGATE_MASTER_KEY"));
    BOOST_TEST(!has(refused.text, "sk-wrong"));
    scripted_gateway closing({});
    std::string const gone = closing.url();
    closing.requests();
    answer const nobody = run({"list", "--url", gone});
    BOOST_TEST(nobody.code == exit_failed);
    BOOST_TEST(has(nobody.text, "Nothing answers at " + gone));
    scripted_gateway other({http(200, "<html>")});
    BOOST_TEST(has(run({"list", "--url", other.url()}).text, "is this a gateway?"));
    BOOST_TEST(run({"list", "--url", "ftp://x"}).code == exit_usage);
    BOOST_TEST(run({"create", "--max-budget", "lots"}).code == exit_usage);
    BOOST_TEST(run({"create", "--rpm", "-1"}).code == exit_usage);
    BOOST_TEST(run({"update", "sk-a"}).code == exit_usage);
    BOOST_TEST(run({"delete"}).code == exit_usage);
    BOOST_TEST(run({}).code == exit_usage);
    BOOST_TEST(run({"--help"}).code == exit_good);
    BOOST_TEST(failure_of(502, "<html>")->message == "It answered with status 502 and no reason.");
    BOOST_TEST(failure_of(404, R"({"error":{"message":"m","code":"c","param":"p"}})")->param == "p");
}

BOOST_AUTO_TEST_SUITE_END()

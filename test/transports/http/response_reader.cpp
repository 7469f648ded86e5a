#include "transports/http/response_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

using cogate::transports::response_reader;
using progress = response_reader::progress;

namespace {

struct outcome {
    std::string what; ///< "complete", "cut" or "bad: ..."
    int status = 0;
    std::string fields;
    std::string body;
    bool reusable = false;

    bool operator==(outcome const&) const = default;
};

std::ostream& operator<<(std::ostream& out, outcome const& one)
{
    return out << one.what << ' ' << one.status << ' ' << one.fields << '[' << one.body
               << "] reusable=" << one.reusable;
}

void note_head(response_reader& reader, outcome& out)
{
    out.status = reader.head().status;
    for (cogate::wire::header const& field : reader.head().headers) {
        out.fields.append(field.name).append("=").append(field.value).append(";");
    }
}

/// Drives the reader as a connection does, with the bytes arriving in these pieces.
outcome read_all(response_reader& reader, std::vector<std::string_view> const& pieces)
{
    outcome out;
    bool head = false;
    auto piece = pieces.begin();
    std::string_view left;
    bool ended = false;
    for (;;) {
        std::string_view body;
        const progress step = head ? reader.parse_body(body) : reader.parse_head();
        if (step == progress::bad) {
            out.what = std::string("bad: ") + reader.fault();
            break;
        }
        if (step == progress::ready && !head) {
            head = true;
            continue;
        }
        if (step == progress::ready) {
            out.body += body;
            if (body.empty()) {
                out.what = "complete";
                break;
            }
            continue;
        }
        if (ended) {
            out.what = "cut";
            break;
        }
        while (left.empty() && piece != pieces.end()) {
            left = *piece++;
        }
        if (left.empty()) {
            reader.end_of_stream();
            ended = true;
            continue;
        }
        const std::span<char> room = reader.prepare();
        BOOST_REQUIRE(!room.empty());
        const std::size_t n = std::min(room.size(), left.size());
        std::memcpy(room.data(), left.data(), n);
        reader.commit(n);
        left.remove_prefix(n);
    }
    // At the end, so that a view that went stale on the way is noticed.
    if (head) {
        note_head(reader, out);
    }
    out.reusable = reader.reusable();
    return out;
}

outcome read_whole(std::string_view bytes)
{
    response_reader reader;
    return read_all(reader, {bytes});
}

outcome read_split(std::string_view bytes, std::size_t at)
{
    response_reader reader;
    return read_all(reader, {bytes.substr(0, at), bytes.substr(at)});
}

outcome read_bytewise(std::string_view bytes)
{
    response_reader reader;
    std::vector<std::string_view> pieces;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        pieces.push_back(bytes.substr(i, 1));
    }
    return read_all(reader, pieces);
}

void check_every_split(std::string_view bytes, outcome const& expected)
{
    BOOST_TEST_CONTEXT("response: " << bytes.substr(0, 200))
    {
        BOOST_TEST(read_whole(bytes) == expected);
        BOOST_TEST(read_bytewise(bytes) == expected);
        for (std::size_t at = 1; at < bytes.size(); ++at) {
            if (read_split(bytes, at) != expected) {
                BOOST_TEST(read_split(bytes, at) == expected, "differs when split at " << at);
                break;
            }
        }
    }
}

void check_bad(std::string_view bytes)
{
    BOOST_TEST_CONTEXT("response: " << bytes.substr(0, 200))
    {
        BOOST_TEST(read_whole(bytes).what.starts_with("bad: "), read_whole(bytes).what);
        BOOST_TEST(read_bytewise(bytes).what.starts_with("bad: "), read_bytewise(bytes).what);
        BOOST_TEST(!read_whole(bytes).reusable);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(transports_response_reader)

BOOST_AUTO_TEST_CASE(whole_responses_read_alike_at_every_split)
{
    check_every_split("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Id: a b\r\n\r\nhello",
                      {"complete", 200, "Content-Length=5;X-Id=a b;", "hello", true});
    check_every_split("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n \r\n6\r\n"
                      "world!\r\n0\r\n\r\n",
                      {"complete", 200, "Transfer-Encoding=chunked;", "hello world!", true});
    check_every_split("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n0\r\n\r\n",
                      {"complete", 200, "transfer-encoding=Chunked;", "", true});
    check_every_split(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n00001\r\n0\r\n0\r\nx-sum: 1\r\n\r\n",
        {"complete", 200, "transfer-encoding=chunked;", "0", true});
    check_every_split("HTTP/1.1 200 OK\r\n\r\nuntil the end", {"complete", 200, "", "until the end", false});
    check_every_split("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
                      {"complete", 200, "Content-Length=2;", "hi", false});
    check_every_split("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi",
                      {"complete", 200, "Connection=keep-alive;Content-Length=2;", "hi", true});
    check_every_split("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
                      {"complete", 200, "Connection=close;Content-Length=2;", "hi", false});
    check_every_split("HTTP/1.1 204 No Content\r\n\r\n", {"complete", 204, "", "", true});
    check_every_split("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
                      {"complete", 304, "Content-Length=9;", "", true});
    check_every_split("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
                      {"complete", 200, "Content-Length=2;", "hi", true});
    check_every_split("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
                      read_whole("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(an_answer_to_head_ends_with_its_head)
{
    struct row {
        std::string_view bytes;
        outcome expected;
    };
    for (row const& one :
         {row{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
              {"complete", 200, "Content-Length=5;", "", true}},
          row{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
              {"complete", 200, "Transfer-Encoding=chunked;", "", true}},
          row{"HTTP/1.1 200 OK\r\nX: y\r\n\r\n", {"complete", 200, "X=y;", "", true}},
          row{"HTTP/1.1 404 No\r\nConnection: close\r\nContent-Length: 5\r\n\r\n",
              {"complete", 404, "Connection=close;Content-Length=5;", "", false}},
          row{"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
              {"complete", 200, "Content-Length=5;", "", true}}}) {
        for (std::size_t at = 0; at < one.bytes.size(); ++at) {
            response_reader reader;
            reader.answers_head();
            BOOST_TEST(read_all(reader, {one.bytes.substr(0, at), one.bytes.substr(at)}) == one.expected);
        }
    }
    // What comes behind it was not asked for, and the next message has a body again.
    response_reader reader;
    reader.answers_head();
    BOOST_TEST(!read_all(reader, {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"}).reusable);
    response_reader next;
    next.answers_head();
    BOOST_TEST(read_all(next, {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"}).reusable);
    next.next_message();
    BOOST_TEST(read_all(next, {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"}).body == "hi");
}

BOOST_AUTO_TEST_CASE(cut_responses_are_never_complete)
{
    for (std::string_view whole :
         {std::string_view("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
          std::string_view("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")}) {
        for (std::size_t n = 0; n < whole.size(); ++n) {
            const outcome cut = read_whole(whole.substr(0, n));
            BOOST_TEST(cut.what == "cut");
            BOOST_TEST(!cut.reusable);
            BOOST_TEST(std::string_view("hello").starts_with(cut.body));
        }
    }
}

BOOST_AUTO_TEST_CASE(bytes_behind_the_message_forbid_reuse)
{
    for (std::string_view message :
         {std::string_view("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
          std::string_view("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"),
          std::string_view("HTTP/1.1 204 No Content\r\n\r\n")}) {
        const std::string bytes = std::string(message) + "HTTP/1.1 200 OK\r\n";
        const outcome out = read_whole(bytes);
        BOOST_TEST(out.what == "complete");
        BOOST_TEST(!out.reusable);
    }
}

BOOST_AUTO_TEST_CASE(doubtful_framing_is_refused)
{
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    check_bad(ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello");
    check_bad(ok + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello");
    check_bad(ok + "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello");
    check_bad(ok + "Transfer-Encoding: gzip\r\n\r\nhello");
    check_bad(ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
    check_bad(ok + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n");
    check_bad(ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    check_bad(ok + "Transfer-Encoding:\r\n\r\n");
    check_bad("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    check_bad(ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello");
    check_bad(ok + "Content-Length: +5\r\n\r\nhello");
    check_bad(ok + "Content-Length: -1\r\n\r\nhello");
    check_bad(ok + "Content-Length: 18446744073709551616\r\n\r\nhello");
    check_bad(ok + "X: a\r\n folded\r\n\r\n");
    check_bad(ok + "X : a\r\n\r\n");
    check_bad(ok + "X: a\nY: b\r\n\r\n");
    check_bad("HTTP/2.0 200 OK\r\n\r\n");
    check_bad("HTTP/1.1 20 OK\r\n\r\n");
    check_bad("HTTP/1.1 099 OK\r\n\r\n");
    check_bad("HTTP/1.1 600 OK\r\n\r\n");
    check_bad("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
    check_bad("GET / HTTP/1.1\r\n\r\n");
    check_bad("\x16\x03\x01\x02 this is TLS, not HTTP");
}

BOOST_AUTO_TEST_CASE(malformed_chunks_are_refused)
{
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    check_bad(head + "zz\r\nhello\r\n");
    check_bad(head + "\r\n\r\n\r\n\r\n");
    check_bad(head + "5\r\nhelloXX0\r\n\r\n");
    check_bad(head + "5\nhello\n0\n\n");
    check_bad(head + "5\r\nhello\n0\n\n      ");
    check_bad(head + "ffffffffffffffffff\r\nhello");
    check_bad(head + "-5\r\nhello\r\n0\r\n\r\n");
    check_bad(head + "0\r\nContent-Length: 5\r\n\r\n");
    check_bad(head + "5;" + std::string(20'000, 'x'));
    check_bad(head + "0\r\n" + std::string(20'000, 'x'));
}

BOOST_AUTO_TEST_CASE(heads_are_bounded)
{
    check_bad("HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x'));
    std::string many = "HTTP/1.1 200 OK\r\n";
    while (many.size() < 80'000) {
        many += "X-Filler: " + std::string(900, 'x') + "\r\n";
    }
    check_bad(many);
    std::string fields = "HTTP/1.1 200 OK\r\n";
    for (std::size_t i = 0; i < response_reader::max_fields; ++i) {
        fields += "A: b\r\n";
    }
    BOOST_TEST(read_whole(fields + "\r\n").what == "complete");
    check_bad(fields + "A: b\r\n\r\n");
    std::string interim;
    for (std::size_t i = 0; i < response_reader::max_interim_heads; ++i) {
        interim += "HTTP/1.1 102 Processing\r\n\r\n";
    }
    BOOST_TEST(read_whole(interim + "HTTP/1.1 204 X\r\n\r\n").what == "complete");
    check_bad(interim + "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 204 X\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_large_head_leaves_room_for_the_body_and_keeps_its_views)
{
    const std::string value(15'800, 'v');
    std::string bytes = "HTTP/1.1 200 OK\r\nX-Large: " + value + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string body;
    for (int i = 0; i < 3000; ++i) {
        const std::string piece(static_cast<std::size_t>(i % 23 + 1), static_cast<char>('a' + i % 26));
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
        bytes += size + piece + "\r\n";
        body += piece;
    }
    bytes += "0\r\n\r\n";
    const outcome out = read_whole(bytes);
    BOOST_TEST(out.what == "complete");
    BOOST_TEST(out.fields == "X-Large=" + value + ";Transfer-Encoding=chunked;");
    BOOST_TEST((out.body == body));
    BOOST_TEST((read_bytewise(bytes) == out));
}

BOOST_AUTO_TEST_CASE(one_socket_read_gives_one_contiguous_piece)
{
    response_reader reader;
    const std::string_view bytes =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n4\r\ngh";
    std::memcpy(reader.prepare().data(), bytes.data(), bytes.size());
    reader.commit(bytes.size());
    BOOST_REQUIRE((reader.parse_head() == progress::ready));
    std::string_view piece;
    BOOST_REQUIRE((reader.parse_body(piece) == progress::ready));
    BOOST_TEST(piece == "abcdefgh");
    BOOST_TEST((reader.parse_body(piece) == progress::need_more));
    BOOST_TEST(reader.received() == bytes.size());
}

BOOST_AUTO_TEST_CASE(messages_follow_each_other_on_one_reader)
{
    response_reader reader;
    for (int i = 0; i < 3; ++i) {
        const outcome out = read_all(reader, {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "abc"});
        BOOST_TEST(out.what == "complete");
        BOOST_TEST(out.body == "abc");
        BOOST_TEST(out.reusable);
        reader.next_message();
        reader.shrink();
        BOOST_TEST(reader.received() == 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()

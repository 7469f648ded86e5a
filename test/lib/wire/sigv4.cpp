#include "lib/wire/sigv4.hpp"
#include "lib/wire/url.hpp"
#include "test/common/shared_files.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::test {

namespace {

namespace bj = boost::json;
using std::string;
using std::string_view;

const secret example_key{"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};

string text_of(bj::value const& object, string_view key)
{
    bj::value const* found = object.as_object().if_contains(bj::string_view(key.data(), key.size()));
    return found == nullptr ? string() : string(found->as_string().data(), found->as_string().size());
}

string without_end(string text)
{
    while (text.ends_with('\n')) {
        text.pop_back();
    }
    return text;
}

/// A request of the suite: raw bytes as in a socket, but for bare line feeds.
struct raw_request {
    string method;
    string path;
    string query;
    string body;
    std::vector<std::pair<string, string>> headers;
};

raw_request read_request(string const& text)
{
    raw_request out;
    std::size_t at = text.find('\n');
    const string line = text.substr(0, at);
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    out.method = line.substr(0, first);
    string target = line.substr(first + 1, last - first - 1);
    if (const std::size_t mark = target.find('?'); mark != string::npos) {
        out.query = target.substr(mark + 1);
        target.resize(mark);
    }
    out.path = target;
    while (at != string::npos && at + 1 < text.size()) {
        const std::size_t end = std::min(text.find('\n', at + 1), text.size());
        const string field = text.substr(at + 1, end - at - 1);
        at = end;
        if (field.empty()) {
            out.body = text.substr(std::min(end + 1, text.size()));
            break;
        }
        const std::size_t colon = field.find(':');
        out.headers.emplace_back(field.substr(0, colon), field.substr(colon + 1));
    }
    return out;
}

std::vector<wire::header> views(std::vector<std::pair<string, string>> const& fields)
{
    std::vector<wire::header> out;
    for (auto const& [name, value] : fields) {
        out.push_back({name, value});
    }
    return out;
}

string compact(string const& time)
{
    string out;
    std::copy_if(time.begin(), time.end(), std::back_inserter(out),
                 [](char c) { return c != '-' && c != ':'; });
    return out;
}

struct suite_case {
    std::filesystem::path folder;
    bj::value context;
    string date;
    secret key;
    string region;
    string service;

    string file(string_view name) const { return without_end(read_file(folder / name)); }
    wire::sigv4_scope scope() const { return {region, service}; }
};

std::vector<suite_case> suite()
{
    std::vector<suite_case> out;
    const auto shared = shared_dir();
    if (!shared) {
        return out;
    }
    for (auto const& entry : std::filesystem::directory_iterator(*shared / "fixtures/protocol/sigv4")) {
        if (!entry.is_directory()) {
            continue;
        }
        bj::value context = bj::parse(read_file(entry.path() / "context.json"));
        suite_case one{.folder = entry.path(),
                       .context = context,
                       .date = compact(text_of(context, "timestamp")),
                       .key = secret(text_of(context.at("credentials"), "secret_access_key")),
                       .region = text_of(context, "region"),
                       .service = text_of(context, "service")};
        out.push_back(std::move(one));
    }
    std::sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.folder < b.folder; });
    return out;
}

void check(suite_case const& one, raw_request const& raw, string const& query, string const& kind)
{
    const string hash = wire::sha256_hex(raw.body);
    const std::vector<wire::header> headers = views(raw.headers);
    const wire::sigv4_request request{.method = raw.method,
                                      .path = raw.path,
                                      .query = query,
                                      .headers = headers,
                                      .payload_hash = hash,
                                      .normalize_path = one.context.at("normalize").as_bool()};
    const wire::sigv4_canonical canonical = wire::canonical_request(request);
    BOOST_TEST(canonical.text == one.file(kind + "-canonical-request.txt"));
    const string text = wire::string_to_sign(canonical.text, one.date, one.scope());
    BOOST_TEST(text == one.file(kind + "-string-to-sign.txt"));
    const string signature = wire::sigv4_signature(one.key, one.date, one.scope(), text);
    BOOST_TEST(signature == one.file(kind + "-signature.txt"));
    if (kind == "header") {
        const string value =
            wire::sigv4_authorization("AKIDEXAMPLE", one.key, one.date, one.scope(), request);
        BOOST_TEST(value.find("Signature=" + signature) != string::npos);
        BOOST_TEST(one.file("header-signed-request.txt").find("Authorization:" + value) != string::npos);
    }
}

void check_header_form(suite_case const& one)
{
    raw_request raw = read_request(read_file(one.folder / "request.txt"));
    raw.headers.emplace_back("X-Amz-Date", one.date);
    if (one.context.at("sign_body").as_bool()) {
        raw.headers.emplace_back("x-amz-content-sha256", wire::sha256_hex(raw.body));
    }
    if (const string token = text_of(one.context.at("credentials"), "token"); !token.empty()) {
        raw.headers.emplace_back("X-Amz-Security-Token", token);
    }
    check(one, raw, raw.query, "header");
}

void check_query_form(suite_case const& one)
{
    const raw_request raw = read_request(read_file(one.folder / "request.txt"));
    const std::vector<wire::header> headers = views(raw.headers);
    const string signed_headers =
        wire::canonical_request(
            {.method = "GET", .path = "/", .query = {}, .headers = headers, .payload_hash = {}})
            .signed_headers;
    string query =
        raw.query + (raw.query.empty() ? "" : "&") + "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=";
    wire::append_percent_encoded(query, "AKIDEXAMPLE/" + one.date.substr(0, 8) + "/" + one.region + "/" +
                                            one.service + "/aws4_request");
    query += "&X-Amz-Date=" + one.date + "&X-Amz-SignedHeaders=";
    wire::append_percent_encoded(query, signed_headers);
    query += "&X-Amz-Expires=" + std::to_string(one.context.at("expiration_in_seconds").as_int64());
    if (const string token = text_of(one.context.at("credentials"), "token"); !token.empty()) {
        query += "&X-Amz-Security-Token=";
        wire::append_percent_encoded(query, token);
    }
    check(one, raw, query, "query");
}

string canonical_path(string_view path)
{
    const string text = wire::canonical_request(
                            {.method = "POST", .path = path, .query = {}, .headers = {}, .payload_hash = {}})
                            .text;
    const std::size_t begin = text.find('\n') + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
}

string canonical_query(string_view query)
{
    const string text = wire::canonical_request(
                            {.method = "GET", .path = "/", .query = query, .headers = {}, .payload_hash = {}})
                            .text;
    const std::size_t begin = text.find('\n', text.find('\n') + 1) + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_sigv4)

BOOST_AUTO_TEST_CASE(digests_are_those_of_fips_180)
{
    BOOST_TEST(wire::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    BOOST_TEST(wire::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_CASE(dates_are_in_utc_and_padded)
{
    using namespace std::chrono;
    BOOST_TEST(wire::amz_date(system_clock::time_point(1440938160s)) == "20150830T123600Z");
    BOOST_TEST(wire::amz_date(system_clock::time_point(0s)) == "19700101T000000Z");
    BOOST_TEST(wire::amz_date(system_clock::time_point(951782399s + 999ms)) == "20000228T235959Z");
}

BOOST_AUTO_TEST_CASE(a_path_is_encoded_once_more_than_it_was_sent)
{
    BOOST_TEST(canonical_path("/model/a%3A0/converse") == "/model/a%253A0/converse");
    BOOST_TEST(canonical_path("") == "/");
    BOOST_TEST(canonical_path("/a//b/./c/../") == "/a/b/");
    BOOST_TEST(canonical_path("/../..") == "/");
}

BOOST_AUTO_TEST_CASE(a_query_is_sorted_and_encoded_once)
{
    BOOST_TEST(canonical_query("b=2&a=1&a=0&c") == "a=0&a=1&b=2&c=");
    BOOST_TEST(canonical_query("x=%2f&y=a/b&z=%zz&&=") == "=&x=%2F&y=a%2Fb&z=%25zz");
}

BOOST_AUTO_TEST_CASE(values_of_headers_are_trimmed_and_joined)
{
    const std::vector<wire::header> headers = {{"B", "  two   words\t"}, {"a", "1"}, {"b", "3"}};
    const auto canonical = wire::canonical_request(
        {.method = "GET", .path = "/", .query = {}, .headers = headers, .payload_hash = "hash"});
    BOOST_TEST(canonical.text == "GET\n/\n\na:1\nb:two words,3\n\na;b\nhash");
    BOOST_TEST(canonical.signed_headers == "a;b");
}

BOOST_AUTO_TEST_CASE(the_suite_in_headers)
{
    const auto cases = suite();
    if (cases.empty()) {
        BOOST_TEST_MESSAGE("skipped: no shared fixtures");
        return;
    }
    for (suite_case const& one : cases) {
        BOOST_TEST_CONTEXT(one.folder.filename().string())
        {
            check_header_form(one);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_suite_in_the_query)
{
    for (suite_case const& one : suite()) {
        BOOST_TEST_CONTEXT(one.folder.filename().string())
        {
            check_query_form(one);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_request_to_bedrock)
{
    const auto shared = shared_dir();
    if (!shared) {
        BOOST_TEST_MESSAGE("skipped: no shared fixtures");
        return;
    }
    const bj::value given =
        bj::parse(read_file(*shared / "fixtures/protocol/sigv4/openai-node-bedrock-mantle.json"));
    bj::value const& asked = given.at("request");
    bj::value const& expected = given.at("expected");
    const string url = text_of(asked, "url").substr(string_view("https://").size());
    const string date = text_of(expected, "date");
    const string hash = wire::sha256_hex(text_of(asked, "body"));
    BOOST_TEST(hash == text_of(expected, "payloadHash"));
    const std::vector<std::pair<string, string>> fields = {
        {"host", url.substr(0, url.find('/'))},
        {"content-type", text_of(asked, "contentType")},
        {"x-amz-content-sha256", hash},
        {"x-amz-date", date},
        {"x-amz-security-token", text_of(given.at("credentials"), "sessionToken")}};
    const std::vector<wire::header> headers = views(fields);
    const string path = url.substr(url.find('/'));
    const wire::sigv4_request request{
        .method = "POST", .path = path, .query = {}, .headers = headers, .payload_hash = hash};
    BOOST_TEST(wire::sha256_hex(wire::canonical_request(request).text) ==
               text_of(expected, "canonicalRequestHash"));
    BOOST_TEST(wire::sigv4_authorization("AKIDEXAMPLE", example_key, date, {"us-east-1", "bedrock-mantle"},
                                         request) == text_of(expected, "authorization"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test

#include "lib/wire/aws_event_reader.hpp"
#include "lib/core/text.hpp"
#include "lib/wire/crc32.hpp"
#include "test/common/aws_frames.hpp"
#include "test/common/shared_files.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test {

namespace {

namespace bj = boost::json;
using wire::aws_event_reader;
using wire::aws_frame;
using wire::aws_header;
using wire::aws_header_type;
using wire::aws_status;

std::string hex(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::string told(aws_header const& h)
{
    std::string out = std::string(h.name) + "/" + std::to_string(static_cast<int>(h.type)) + "=";
    switch (h.type) {
    case aws_header_type::bytes:
    case aws_header_type::string:
    case aws_header_type::uuid: return out + std::string(h.text);
    default: return out + std::to_string(h.number);
    }
}

std::string told(aws_frame const& frame)
{
    std::string out;
    for (aws_header const& h : frame.headers) {
        out += told(h) + "\n";
    }
    return out + "payload=" + std::string(frame.payload);
}

/// What the reader makes of the pieces, each in memory of its own; the last status ends the list.
std::vector<std::string> read_all(std::vector<std::string> const& pieces,
                                  std::size_t cap = wire::largest_aws_frame)
{
    std::vector<std::string> out;
    aws_event_reader reader(cap);
    aws_status status = aws_status::need_more;
    for (std::string const& piece : pieces) {
        std::string_view rest = piece;
        aws_frame frame;
        while ((status = reader.next(rest, frame)) == aws_status::frame) {
            out.push_back(told(frame));
        }
        if (status != aws_status::need_more) {
            break;
        }
        BOOST_TEST(rest.empty());
    }
    out.push_back("status " + std::to_string(static_cast<int>(status)) +
                  (reader.idle() ? " idle" : " waiting"));
    return out;
}

std::string ending(aws_status status, bool idle)
{
    return "status " + std::to_string(static_cast<int>(status)) + (idle ? " idle" : " waiting");
}

std::vector<std::string> cut(std::string const& bytes, std::size_t at)
{
    return {bytes.substr(0, at), bytes.substr(at)};
}

std::string sample()
{
    return aws_text_frame({{":message-type", "event"}, {":event-type", "chunk"}}, "{\"a\":1}");
}

std::vector<std::filesystem::path> vectors(std::string const& folder)
{
    std::vector<std::filesystem::path> out;
    if (const auto shared = shared_dir()) {
        for (auto const& entry :
             std::filesystem::directory_iterator(*shared / "fixtures/protocol/aws-eventstream" / folder)) {
            if (entry.path().extension() == ".bin") {
                out.push_back(entry.path());
            }
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::string_view view(bj::string const& text)
{
    return {text.data(), text.size()};
}

/// boto's vectors name headers with their value, smithy's list them with type and base64.
void check_headers(aws_frame const& frame, bj::value const& expected)
{
    if (expected.is_object()) {
        BOOST_REQUIRE_EQUAL(frame.headers.size(), expected.as_object().size());
        for (aws_header const& h : frame.headers) {
            bj::value const* want =
                expected.as_object().if_contains(bj::string_view(h.name.data(), h.name.size()));
            BOOST_REQUIRE(want != nullptr);
            if (want->is_string()) {
                BOOST_TEST(h.text == view(want->as_string()));
            } else {
                BOOST_TEST(h.number == want->as_int64());
            }
        }
        return;
    }
    bj::array const& list = expected.as_array();
    BOOST_REQUIRE_EQUAL(frame.headers.size(), list.size());
    for (std::size_t i = 0; i != list.size(); ++i) {
        aws_header const& h = frame.headers[i];
        bj::object const& want = list[i].as_object();
        BOOST_TEST(h.name == view(want.at("name").as_string()));
        BOOST_TEST(static_cast<int>(h.type) == want.at("type").as_int64());
        bj::value const& value = want.at("value");
        if (value.is_string()) {
            BOOST_TEST(core::base64_encode(h.text) == view(value.as_string()));
        } else if (value.is_bool()) {
            BOOST_TEST((h.number == 1) == value.as_bool());
        } else {
            // smithy shows the first one as unsigned
            BOOST_TEST((h.number & 0xFFFFFFFF) == (value.as_int64() & 0xFFFFFFFF));
        }
    }
}

void check_payload(aws_frame const& frame, bj::object const& expected)
{
    if (bj::value const* text = expected.if_contains("payload_hex")) {
        BOOST_TEST(hex(frame.payload) == view(text->as_string()));
    } else if (expected.at("payload").is_string()) {
        BOOST_TEST(core::base64_encode(frame.payload) == view(expected.at("payload").as_string()));
    } else {
        BOOST_TEST((bj::parse(bj::string_view(frame.payload.data(), frame.payload.size())) ==
                    expected.at("payload")));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_aws_event_reader)

BOOST_AUTO_TEST_CASE(the_checksum_is_zlibs)
{
    BOOST_TEST(wire::crc32("") == 0U);
    BOOST_TEST(wire::crc32("123456789") == 0xCBF43926U);
    const std::string text = "The quick brown fox jumps over the lazy dog";
    BOOST_TEST(wire::crc32(text) == 0x414FA339U);
    for (std::size_t at = 0; at <= text.size(); ++at) {
        BOOST_TEST(wire::crc32(text.substr(at), wire::crc32(text.substr(0, at))) == 0x414FA339U);
    }
}

BOOST_AUTO_TEST_CASE(a_frame_is_headers_and_payload)
{
    aws_event_reader reader;
    const std::string bytes = sample();
    std::string_view rest = bytes;
    aws_frame frame;
    BOOST_REQUIRE(reader.next(rest, frame) == aws_status::frame);
    BOOST_TEST(frame.text(":event-type") == "chunk");
    BOOST_TEST(frame.text(":exception-type") == "");
    BOOST_TEST(frame.payload == "{\"a\":1}");
    BOOST_TEST((frame.payload.data() >= bytes.data() && frame.payload.data() < bytes.data() + bytes.size()));
    BOOST_TEST(rest.empty());
    BOOST_TEST(reader.idle());
}

BOOST_AUTO_TEST_CASE(any_split_gives_the_same_frames)
{
    const std::string bytes = sample() + aws_text_frame({}, "") + sample();
    const std::vector<std::string> whole = read_all({bytes});
    BOOST_REQUIRE_EQUAL(whole.size(), 4U);
    for (std::size_t at = 0; at <= bytes.size(); ++at) {
        BOOST_TEST(read_all(cut(bytes, at)) == whole, boost::test_tools::per_element());
    }
    std::vector<std::string> single;
    for (const char c : bytes) {
        single.emplace_back(1, c);
    }
    BOOST_TEST(read_all(single) == whole, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_stream_that_breaks_off_within_a_frame_is_not_idle)
{
    const std::string bytes = sample();
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        BOOST_TEST(read_all({bytes.substr(0, size)}).back() == ending(aws_status::need_more, false));
    }
}

BOOST_AUTO_TEST_CASE(every_wrong_byte_is_found_before_anything_is_believed)
{
    const std::string bytes = sample();
    for (std::size_t at = 0; at != bytes.size(); ++at) {
        for (const int bit : {1, 0x80, 0xFF}) {
            std::string wrong = bytes;
            wrong[at] = static_cast<char>(wrong[at] ^ bit);
            const std::vector<std::string> seen = read_all({wrong});
            BOOST_REQUIRE_EQUAL(seen.size(), 1U);
            BOOST_TEST(seen.front() == ending(aws_status::bad_checksum, false));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_broken_stays_broken)
{
    std::string wrong = sample();
    wrong.back() = static_cast<char>(wrong.back() ^ 1);
    const std::string good = sample();
    aws_event_reader reader;
    aws_frame frame;
    std::string_view rest = wrong;
    BOOST_TEST((reader.next(rest, frame) == aws_status::bad_checksum));
    rest = good;
    BOOST_TEST((reader.next(rest, frame) == aws_status::bad_checksum));
    BOOST_TEST(!reader.idle());
}

BOOST_AUTO_TEST_CASE(a_frame_beyond_the_cap_is_refused_from_its_prelude)
{
    const std::string bytes = aws_text_frame({}, std::string(1000, 'x'));
    BOOST_TEST(read_all({bytes.substr(0, 12)}, bytes.size() - 1).back() ==
               ending(aws_status::too_large, false));
    BOOST_TEST(read_all({bytes}, bytes.size()).size() == 2U);
}

BOOST_AUTO_TEST_CASE(lengths_and_types_that_cannot_be_are_malformed)
{
    const auto malformed = [](std::string const& bytes) {
        return read_all({bytes}) == std::vector<std::string>{ending(aws_status::malformed, false)};
    };
    BOOST_TEST(malformed(aws_frame_of(15, 0, "")));
    BOOST_TEST(malformed(aws_frame_of(0, 0, "")));
    BOOST_TEST(malformed(aws_frame_of(20, 5, "abcd")));
    BOOST_TEST(malformed(aws_frame_of(20, 0xFFFFFFFF, "abcd")));
    const auto with_headers = [](std::string const& headers) {
        return aws_frame_of(16 + headers.size(), headers.size(), headers);
    };
    BOOST_TEST(malformed(with_headers(std::string("\x01") + "a" + "\x0A"))); // no such type
    BOOST_TEST(malformed(with_headers(std::string("\x00\x00", 2))));         // no name
    BOOST_TEST(malformed(with_headers(std::string("\x05") + "abc")));        // name beyond the end
    BOOST_TEST(malformed(with_headers(std::string("\x01") + "a")));          // no type
    BOOST_TEST(malformed(with_headers(std::string("\x01") + "a" + "\x07"))); // no length
    BOOST_TEST(malformed(with_headers(std::string("\x01") + "a" + std::string("\x07\x00\x04", 3) + "abc")));
    BOOST_TEST(
        malformed(with_headers(std::string("\x01") + "a" + "\x05" + "1234567"))); // int64 of seven bytes
}

BOOST_AUTO_TEST_CASE(numbers_keep_their_sign)
{
    const auto number = [](std::string const& value) {
        const std::string headers = "\x01"
                                    "a" +
                                    value;
        aws_event_reader reader;
        const std::string bytes = aws_frame_of(16 + headers.size(), headers.size(), headers);
        std::string_view rest = bytes;
        aws_frame frame;
        BOOST_REQUIRE(reader.next(rest, frame) == aws_status::frame);
        return frame.headers[0].number;
    };
    BOOST_TEST(number("\x02\xFF") == -1);
    BOOST_TEST(number("\x02\x7F") == 127);
    BOOST_TEST(number(std::string("\x03\x80\x00", 3)) == -32768);
    BOOST_TEST(number("\x04\xFF\xFF\xFF\xFE") == -2);
    BOOST_TEST(number(std::string("\x05\x80\x00\x00\x00\x00\x00\x00\x00", 9)) == INT64_MIN);
    BOOST_TEST(number(std::string("\x08\x00\x00\x00\x00\x00\x00\x00\x07", 9)) == 7);
}

BOOST_AUTO_TEST_CASE(positive_vectors)
{
    const auto files = vectors("positive");
    if (files.empty()) {
        BOOST_TEST_MESSAGE("skipped: no shared fixtures");
        return;
    }
    for (auto const& path : files) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            const std::string bytes = read_file(path);
            std::filesystem::path told_by = path;
            const bj::value expected = bj::parse(read_file(told_by.replace_extension(".expected.json")));
            aws_event_reader reader;
            std::string_view rest = bytes;
            aws_frame frame;
            BOOST_REQUIRE(reader.next(rest, frame) == aws_status::frame);
            check_headers(frame, expected.at("headers"));
            check_payload(frame, expected.as_object());
            BOOST_TEST(rest.empty());
            const std::vector<std::string> whole = read_all({bytes});
            for (std::size_t at = 0; at <= bytes.size(); ++at) {
                BOOST_TEST(read_all(cut(bytes, at)) == whole, boost::test_tools::per_element());
            }
            for (std::size_t at = 0; at != bytes.size(); ++at) {
                for (int change = 1; change != 256; ++change) {
                    std::string wrong = bytes;
                    wrong[at] = static_cast<char>(wrong[at] ^ change);
                    BOOST_REQUIRE_EQUAL(read_all({wrong}).front(), ending(aws_status::bad_checksum, false));
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(negative_vectors)
{
    for (auto const& path : vectors("negative")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            const std::vector<std::string> seen = read_all({read_file(path)});
            BOOST_REQUIRE_EQUAL(seen.size(), 1U);
            BOOST_TEST((seen.front() == ending(aws_status::bad_checksum, false) ||
                        seen.front() == ending(aws_status::malformed, false)));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test

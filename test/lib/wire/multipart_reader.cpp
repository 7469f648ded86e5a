#include "lib/wire/multipart_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace wire = cogate::wire;
using kind = wire::multipart_reader::kind;

namespace {

struct parsed {
    struct part {
        wire::part_head head;
        std::string content;
    };
    std::vector<part> parts;
    std::string bytes; ///< of all events
    bool good = false;
    wire::multipart_errc error = wire::multipart_errc::none;
};

parsed read(std::string_view body, std::size_t step, std::string_view boundary = "XX")
{
    wire::multipart_reader reader(boundary);
    parsed out;
    for (std::size_t at = 0; at < body.size(); at += step) {
        std::string const piece(body.substr(at, step)); // a copy of its own: views must not reach over pieces
        reader.feed(piece);
        for (auto event = reader.next(); event.what != kind::more; event = reader.next()) {
            if (event.what == kind::failed) {
                out.error = reader.error();
                return out;
            }
            out.bytes += event.bytes;
            if (event.what == kind::head) {
                out.parts.push_back({reader.part(), {}});
            } else if (event.what == kind::content) {
                out.parts.back().content += event.bytes;
            }
        }
    }
    out.good = reader.finish();
    out.error = reader.error();
    return out;
}

std::string field(std::string const& name, std::string const& value)
{
    return "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

std::string const end = "--XX--\r\n";

/// The error of a body, the same however it is split.
wire::multipart_errc error_of(std::string const& body)
{
    wire::multipart_errc const whole = read(body, body.size()).error;
    for (std::size_t step = 1; step != 9; ++step) {
        BOOST_TEST((read(body, step).error == whole), body << " in steps of " << step);
    }
    return whole;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_multipart_reader)

BOOST_AUTO_TEST_CASE(parts_are_the_same_at_every_split_and_no_byte_is_lost)
{
    constexpr char bytes[] = "RIFF\r\n-\r\n--\r\n--X\r\r\n\n--Y\0\r\n\r";
    std::string const audio(bytes, sizeof bytes - 1);
    std::string const body =
        field("model", "m") +
        "--XX \t\r\nContent-Type: audio/wav\r\nContent-Length: 9\r\n"
        "Content-Disposition: form-data; name=file; filename=\"a \\\"b\\\" %22c.wav\"\r\n"
        "Content-Transfer-Encoding: binary\r\n\r\n" +
        audio + "\r\n" + field("empty", "") + end;
    for (std::size_t step = 1; step <= body.size(); ++step) {
        parsed const got = read(body, step);
        BOOST_TEST_CONTEXT("steps of " << step)
        {
            BOOST_REQUIRE(got.good);
            BOOST_TEST(got.bytes == body);
            BOOST_REQUIRE(got.parts.size() == 3U);
            BOOST_TEST(got.parts[0].head.name == "model");
            BOOST_TEST(!got.parts[0].head.is_file);
            BOOST_TEST(got.parts[0].content == "m");
            BOOST_TEST(got.parts[1].head.name == "file");
            BOOST_TEST(got.parts[1].head.is_file);
            BOOST_TEST(got.parts[1].head.filename == "a \"b\" \"c.wav");
            BOOST_TEST(got.parts[1].head.media_type == "audio/wav");
            BOOST_TEST(got.parts[1].content == audio);
            BOOST_TEST(got.parts[2].content.empty());
        }
    }
    BOOST_TEST(read("\r\n" + body, 1).good); // some writers begin with a line end
}

BOOST_AUTO_TEST_CASE(every_prefix_is_truncated_and_nothing_else)
{
    std::string const body = field("model", "m") + field("a", "\r\n--") + end;
    for (std::size_t size = 0; size != body.size() - 2; ++size) {
        BOOST_TEST((read(body.substr(0, size), 3).error == wire::multipart_errc::truncated), size);
    }
}

BOOST_AUTO_TEST_CASE(what_readers_disagree_about_is_refused)
{
    using enum wire::multipart_errc;
    BOOST_TEST((error_of("preamble\r\n" + field("a", "1") + end) == bad_start));
    BOOST_TEST((error_of("\n" + field("a", "1") + end) == bad_start));
    BOOST_TEST((error_of("--XX\n" + end) == bad_delimiter));
    BOOST_TEST((error_of("--XY\r\n") == bad_start));
    // Delimiters behind other line breaks, or at the start of a content, would hide a field from one side.
    std::string const hidden = "--XX\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nevil";
    BOOST_TEST((error_of(field("a", hidden) + end) == bad_delimiter));
    BOOST_TEST((error_of(field("a", "x\n" + hidden) + end) == bad_delimiter));
    BOOST_TEST((error_of(field("a", "x\r" + hidden) + end) == bad_delimiter));
    BOOST_TEST((error_of(field("a", "x\r\r" + hidden) + end) == bad_delimiter));
    BOOST_TEST((error_of(field("a", "x\r\n--XXY") + end) == bad_delimiter));
    BOOST_TEST((error_of(field("a", "x\r\n--XX-") + end) == bad_delimiter));
    BOOST_TEST((error_of(field("a", "x") + "--XX" + std::string(100, ' ') + "\r\n") == bad_delimiter));
    BOOST_TEST((error_of(field("a", "1") + end + field("b", "2") + end) == after_end));
    BOOST_TEST((error_of(field("a", "1") + end + std::string(100, '\n')) == after_end));
    for (std::string const head :
         {"\r\n", "Content-Type: text/plain\r\n\r\n", "Content-Disposition: attachment; name=a\r\n\r\n",
          "Content-Disposition: form-data\r\n\r\n", "Content-Disposition: form-data; name=\"a\r\n\r\n",
          "Content-Disposition: form-data; name=a; name=b\r\n\r\n",
          "Content-Disposition: form-data; name*=utf-8''a\r\n\r\n",
          "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n",
          "Content-Disposition: form-data;\r\n name=a\r\n\r\n",
          "Content-Disposition: form-data; name=a\nb: c\r\n\r\n",
          "Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n",
          "Content-Disposition : form-data; name=a\r\n\r\n", "no colon\r\n\r\n"}) {
        BOOST_TEST((error_of("--XX\r\n" + head + "x\r\n" + end) == bad_head), head);
    }
}

BOOST_AUTO_TEST_CASE(memory_is_bounded)
{
    std::string const large = "--XX\r\nContent-Disposition: form-data; name=\"" + std::string(20000, 'a');
    BOOST_TEST((read(large, 100).error == wire::multipart_errc::head_too_large));
    std::string many;
    for (int i = 0; i != 300; ++i) {
        many += field("a", "");
    }
    BOOST_TEST((read(many + end, 1000).error == wire::multipart_errc::too_many_parts));
}

BOOST_AUTO_TEST_CASE(boundaries)
{
    BOOST_TEST(wire::multipart_boundary("multipart/form-data; boundary=abc") == "abc");
    BOOST_TEST(wire::multipart_boundary("Multipart/Form-Data;charset=utf-8 ; Boundary = \"a b/c\"") ==
               "a b/c");
    BOOST_TEST(wire::multipart_boundary("multipart/form-data; boundary=----Web/Kit:1; x=y") ==
               "----Web/Kit:1");
    for (std::string const bad :
         {"application/json", "multipart/form-data", "multipart/form-data; boundary=",
          "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=a; boundary=b",
          "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\"a\x01\"",
          "multipart/form-datax; boundary=a", "multipart/mixed; boundary=a"}) {
        BOOST_TEST(wire::multipart_boundary(bad).empty(), bad);
    }
    BOOST_TEST(wire::multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'a')).empty());
}

BOOST_AUTO_TEST_SUITE_END()

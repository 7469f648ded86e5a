#include "lib/wire/multipart_writer.hpp"

#include "lib/wire/multipart_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace wire = cogate::wire;
using kind = wire::multipart_reader::kind;

BOOST_AUTO_TEST_SUITE(wire_multipart_writer)

BOOST_AUTO_TEST_CASE(what_was_written_is_read_again)
{
    std::string const audio = std::string("\r\n--\0\x7f", 6) + "\xff\r\n";
    wire::multipart_writer form;
    form.field("model", "m").field("we\"ird\r\nname\\", "").file("file", "a\".wav", "audio/wav", audio);
    form.file("f2", "", "bad\r\ntype", "x");
    std::string body;
    wire::multipart_reader reader(wire::multipart_boundary(form.write(body)));
    reader.feed(body);
    std::string seen;
    for (auto event = reader.next(); event.what != kind::more; event = reader.next()) {
        BOOST_REQUIRE((event.what != kind::failed));
        if (event.what == kind::head) {
            wire::part_head const& part = reader.part();
            seen += '[' + part.name + '|' + part.filename + '|' + part.media_type +
                    (part.is_file ? "|file]" : "]");
        } else if (event.what == kind::content) {
            seen += event.bytes;
        }
    }
    BOOST_TEST(reader.finish());
    BOOST_TEST(seen == "[model||]m[we\"ird\r\nname\\||][file|a\".wav|audio/wav|file]" + audio +
                           "[f2||application/octet-stream|file]x");
}

BOOST_AUTO_TEST_CASE(the_boundary_depends_on_the_parts_alone_and_stands_in_none)
{
    auto const write = [](std::string const& content, std::string& body) {
        wire::multipart_writer form;
        form.field("a", content);
        return form.write(body);
    };
    std::string first;
    std::string second;
    std::string const type = write("1", first);
    BOOST_TEST(write("1", second) == type);
    BOOST_TEST(first == second);
    std::string third;
    BOOST_TEST(write("2", third) != type);
}

BOOST_AUTO_TEST_SUITE_END()

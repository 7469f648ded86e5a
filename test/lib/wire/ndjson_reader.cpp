#include "lib/wire/ndjson_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace cogate::wire {

namespace {

/// Lines of the pieces; "!" for a line that was too large, "?" before one that the end of the stream gave.
std::vector<std::string> lines_of(std::vector<std::string> const& pieces, std::size_t cap = 1000)
{
    std::vector<std::string> out;
    ndjson_reader reader(cap);
    std::string_view line;
    for (std::string const& piece : pieces) {
        std::string_view input = piece;
        for (;;) {
            const ndjson_status status = reader.next(input, line);
            if (status == ndjson_status::need_more) {
                BOOST_TEST(input.empty());
                break;
            }
            if (status == ndjson_status::too_large) {
                out.emplace_back("!");
                return out;
            }
            out.emplace_back(line);
        }
    }
    if (reader.finish(line) == ndjson_status::line) {
        out.push_back("?" + std::string(line));
    }
    return out;
}

using texts = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(wire_ndjson)

BOOST_AUTO_TEST_CASE(lines_end_with_lf_and_lose_their_blanks)
{
    BOOST_TEST(lines_of({"{\"a\":1}\n{\"b\":2}\r\n\n \t\r\n  {\"c\":3} \n"}) ==
               (texts{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"}));
    BOOST_TEST(lines_of({""}) == texts{});
    BOOST_TEST(lines_of({"\n\n"}) == texts{});
}

BOOST_AUTO_TEST_CASE(the_last_line_may_lack_its_end)
{
    BOOST_TEST(lines_of({"{}\n{\"x\":"}) == (texts{"{}", "?{\"x\":"}));
    BOOST_TEST(lines_of({"{}\n  \r"}) == (texts{"{}"}));
}

BOOST_AUTO_TEST_CASE(any_split_gives_the_same_lines)
{
    std::string const all = "{\"one\":1}\r\n\n{\"two\":\"\xC3\xA4\"}\n  \n{\"three\":3}\n{\"rest";
    texts const whole = lines_of({all});
    BOOST_TEST(whole.size() == 4U);
    for (std::size_t a = 0; a <= all.size(); ++a) {
        for (std::size_t b = a; b <= all.size(); ++b) {
            BOOST_TEST(lines_of({all.substr(0, a), all.substr(a, b - a), all.substr(b)}) == whole);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_cap_counts_a_line_without_its_end_however_it_was_split)
{
    BOOST_TEST(lines_of({"12345\n"}, 5) == texts{"12345"});
    BOOST_TEST(lines_of({"123456\n"}, 5) == texts{"!"});
    BOOST_TEST(lines_of({"12", "345", "\n"}, 5) == texts{"12345"});
    BOOST_TEST(lines_of({"12", "345", "6", "\n"}, 5) == texts{"!"});
    BOOST_TEST(lines_of({"1\n123456"}, 5) == (texts{"1", "!"}));
}

BOOST_AUTO_TEST_CASE(too_large_is_final)
{
    ndjson_reader reader(2);
    std::string_view line;
    std::string_view input = "123\n1\n";
    BOOST_TEST((reader.next(input, line) == ndjson_status::too_large));
    std::string_view more = "1\n";
    BOOST_TEST((reader.next(more, line) == ndjson_status::too_large));
    BOOST_TEST((reader.finish(line) == ndjson_status::too_large));
    BOOST_TEST(line.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::wire

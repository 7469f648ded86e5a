#include "lib/wire/json_array_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

using cogate::wire::array_status;
using cogate::wire::json_array_reader;

struct outcome {
    std::vector<std::string> elements;
    array_status last = array_status::need_more;
    bool complete = false;
    friend bool operator==(outcome const&, outcome const&) = default;
};

/// Reads `text` cut into pieces, each in memory of its own.
outcome read(std::string_view text, std::vector<std::size_t> const& cuts, std::size_t cap = 1000)
{
    json_array_reader reader(cap);
    outcome out;
    std::size_t from = 0;
    const auto feed = [&](std::string_view piece) {
        const std::vector<char> heap(piece.begin(), piece.end());
        std::string_view input(heap.data(), heap.size());
        std::string_view element;
        while (out.last == array_status::need_more) {
            out.last = reader.next(input, element);
            if (out.last == array_status::need_more) {
                BOOST_TEST(input.empty());
                break;
            }
            if (out.last == array_status::element) {
                out.elements.emplace_back(element);
                out.last = array_status::need_more;
            }
        }
    };
    for (std::size_t const cut : cuts) {
        feed(text.substr(from, cut - from));
        from = cut;
    }
    feed(text.substr(from));
    out.complete = reader.complete();
    return out;
}

/// The same at every split and byte by byte.
outcome read_all_ways(std::string_view text, std::size_t cap = 1000)
{
    const outcome whole = read(text, {}, cap);
    std::vector<std::size_t> all;
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        BOOST_TEST((read(text, {cut}, cap) == whole), "split at " << cut << " of " << text);
        all.push_back(cut);
    }
    BOOST_TEST((read(text, all, cap) == whole), "byte by byte: " << text);
    return whole;
}

using texts = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(wire_json_array_reader)

BOOST_AUTO_TEST_CASE(elements)
{
    BOOST_TEST((read_all_ways("[]").elements == texts{}));
    BOOST_TEST((read_all_ways(" [ {\"a\":1}\n,\r\n{\"b\":[1,{}]} ] \n").elements ==
                texts{"{\"a\":1}", "{\"b\":[1,{}]}"}));
    BOOST_TEST((read_all_ways(R"([{"s":"]}\"\\,{"},"x,]",12 ,true,[1,2],null])").elements ==
                texts{R"({"s":"]}\"\\,{"})", R"("x,]")", "12", "true", "[1,2]", "null"}));
    BOOST_TEST(read_all_ways("[1] ").complete);
    BOOST_TEST(!read_all_ways("[1").complete);
    BOOST_TEST(!read_all_ways("[1,").complete);
}

BOOST_AUTO_TEST_CASE(a_lone_object)
{
    const outcome lone = read_all_ways("\n{\"error\":{\"a\":[]}}\n");
    BOOST_TEST((lone.elements == texts{"{\"error\":{\"a\":[]}}"}));
    BOOST_TEST(lone.complete);
    BOOST_TEST((read_all_ways("{}{}").last == array_status::malformed));
}

BOOST_AUTO_TEST_CASE(no_array)
{
    for (char const* text : {"x", "1", "\"a\"", "[,]", "[1,]", "[1 2]", "[1]]", "[1][", "[}", "]"}) {
        BOOST_TEST((read_all_ways(text).last == array_status::malformed), text);
    }
}

BOOST_AUTO_TEST_CASE(the_cap)
{
    BOOST_TEST((read_all_ways("[\"1234\",\"123456\"]", 8).elements == texts{"\"1234\"", "\"123456\""}));
    const outcome large = read_all_ways("[1,\"1234567\"]", 8);
    BOOST_TEST((large.elements == texts{"1"}));
    BOOST_TEST((large.last == array_status::too_large));
    BOOST_TEST((read("[\"" + std::string(100, 'x'), {50}, 10).last == array_status::too_large));
}

BOOST_AUTO_TEST_SUITE_END()

#include "lib/server/pepper.hpp"

#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

BOOST_AUTO_TEST_SUITE(server_pepper)

namespace fs = std::filesystem;
using cogate::result;
using cogate::secret;
using cogate::server::keep_pepper;
using cogate::test::temp_ledger;

namespace {

void write(fs::path const& to, std::string const& text)
{
    std::ofstream(to) << text;
}

} // namespace

BOOST_AUTO_TEST_CASE(it_is_made_once_and_kept_for_its_owner_only)
{
    temp_ledger const place;
    std::string const path = (place.folder() / "pepper").string();
    result<secret> const first = keep_pepper(path, true);
    BOOST_REQUIRE(first.has_value());
    BOOST_TEST(first->reveal().size() == 64U);
    BOOST_TEST(keep_pepper(path, true)->reveal() == first->reveal());
    BOOST_TEST(keep_pepper(path, false)->reveal() == first->reveal());
    struct stat about {};
    BOOST_REQUIRE(::stat(path.c_str(), &about) == 0);
    BOOST_TEST((about.st_mode & 0777) == 0600);
    BOOST_TEST(!fs::exists(path + ".new"));
}

BOOST_AUTO_TEST_CASE(two_are_never_alike)
{
    temp_ledger const place;
    BOOST_TEST(keep_pepper((place.folder() / "a").string(), true)->reveal() !=
               keep_pepper((place.folder() / "b").string(), true)->reveal());
}

BOOST_AUTO_TEST_CASE(where_keys_exist_a_missing_one_is_not_made_anew)
{
    temp_ledger const place;
    std::string const path = (place.folder() / "pepper").string();
    result<secret> const none = keep_pepper(path, false);
    BOOST_REQUIRE(none.has_error());
    BOOST_TEST(none.error()->message.find(path) != std::string::npos);
    BOOST_TEST(!fs::exists(path));
}

BOOST_AUTO_TEST_CASE(an_operators_own_is_taken_and_a_broken_one_refused)
{
    temp_ledger const place;
    fs::path const path = place.folder() / "pepper";
    write(path, "sixteen-bytes-ok\r\n");
    BOOST_TEST(keep_pepper(path.string(), true)->reveal() == "sixteen-bytes-ok");
    for (std::string const& text : {std::string(), std::string("short\n"), std::string(5000, 'x')}) {
        write(path, text);
        BOOST_TEST(keep_pepper(path.string(), true).has_error());
    }
    BOOST_TEST(keep_pepper((place.folder() / "no" / "folder").string(), true).has_error());
}

BOOST_AUTO_TEST_SUITE_END()

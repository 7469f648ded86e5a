#include "lib/ledger/accounts/key_text.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

using namespace cogate::ledger;
using cogate::secret;

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string text_of(secret const& s)
{
    return std::string(s.reveal());
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_key_text)

BOOST_AUTO_TEST_CASE(keys_have_their_form_and_differ)
{
    std::set<std::string> seen;
    std::set<char> used;
    for (int i = 0; i != 2000; ++i) {
        std::string const key = text_of(make_key());
        BOOST_REQUIRE(key.size() == 52u);
        BOOST_REQUIRE(key.starts_with("sk-"));
        BOOST_REQUIRE(key.find_first_not_of(alphabet) == std::string::npos);
        BOOST_REQUIRE(is_well_formed_key(key));
        used.insert(key.begin() + 3, key.begin() + 45);
        seen.insert(key);
    }
    BOOST_TEST(seen.size() == 2000u);
    BOOST_TEST(used.size() == 64u); // every character occurs among 84,000
}

BOOST_AUTO_TEST_CASE(every_change_of_one_character_is_noticed)
{
    for (int i = 0; i != 20; ++i) {
        std::string const key = text_of(make_key());
        for (std::size_t at = 0; at != key.size(); ++at) {
            for (int c = 0; c != 256; ++c) {
                std::string changed = key;
                changed[at] = static_cast<char>(c);
                BOOST_REQUIRE(is_well_formed_key(changed) == (changed == key));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(every_swap_of_neighbours_is_noticed)
{
    for (int i = 0; i != 2000; ++i) {
        std::string const key = text_of(make_key());
        for (std::size_t at = 0; at + 1 != key.size(); ++at) {
            std::string changed = key;
            std::swap(changed[at], changed[at + 1]);
            BOOST_REQUIRE(is_well_formed_key(changed) == (changed == key));
        }
    }
}

BOOST_AUTO_TEST_CASE(cut_lengthened_and_foreign_texts_are_not_well_formed)
{
    std::string const key = text_of(make_key());
    for (std::size_t size = 0; size != key.size(); ++size) {
        BOOST_TEST(!is_well_formed_key(key.substr(0, size)));
    }
    BOOST_TEST(!is_well_formed_key(key + "A"));
    BOOST_TEST(!is_well_formed_key(" " + key));
    BOOST_TEST(!is_well_formed_key("sk-1234"));
}

BOOST_AUTO_TEST_CASE(the_checksum_stays_what_it_is)
{
    // Keys that are out there: their checksums were worked out with zlib's crc32.
    BOOST_TEST(is_well_formed_key("sk-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAMK1mG"));
    BOOST_TEST(is_well_formed_key("sk-0123456789-_abcdefghijklmnopqrstuvwxyzABCDEC9NA9m"));
}

BOOST_AUTO_TEST_CASE(masks_show_four_characters_of_long_keys)
{
    BOOST_TEST(masked_key("sk-0123456789ab7sFA") == "sk-...7sFA");
    BOOST_TEST(masked_key("0123456789abcdef") == "sk-...cdef");
    BOOST_TEST(masked_key("0123456789abcde") == "sk-...");
    BOOST_TEST(masked_key("") == "sk-...");
    BOOST_TEST(masked_key("0123456789abcdef\n") == "sk-...");
    BOOST_TEST(masked_key("0123456789abcdef\u00e9") == "sk-...");
}

BOOST_AUTO_TEST_CASE(digests_are_hmac_sha256)
{
    // RFC 4231, test cases 2 and 6 (a key longer than a block) and 1.
    BOOST_TEST(key_digester(secret("Jefe")).digest_of("what do ya want for nothing?") ==
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    BOOST_TEST(key_digester(secret(std::string(131, '\xaa')))
                   .digest_of("Test Using Larger Than Block-Size Key - Hash Key First") ==
               "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    BOOST_TEST(key_digester(secret(std::string(20, '\x0b'))).digest_of("Hi There") ==
               "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

BOOST_AUTO_TEST_CASE(digests_cover_the_whole_text)
{
    key_digester const d(secret("pepper"));
    std::string const longest(longest_key, 'x');
    std::string other = longest;
    other.back() = 'y';
    BOOST_TEST(d.digest_of(longest).size() == 64u);
    BOOST_TEST(d.digest_of(longest) != d.digest_of(other));
    BOOST_TEST(d.digest_of(longest + "x").empty());
    BOOST_TEST(d.digest_of("a") != d.digest_of(std::string_view("a\0", 2)));
    BOOST_TEST(d.digest_of("a") != key_digester(secret("salt")).digest_of("a"));
    key_digester const copy = d;
    BOOST_TEST(copy.digest_of("a") == d.digest_of("a"));
    BOOST_CHECK_THROW(key_digester{secret{}}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(threads_share_a_digester)
{
    key_digester const d(secret("pepper"));
    std::string const expected = d.digest_of("sk-key");
    std::atomic<int> wrong{0};
    auto const work = [&] {
        for (int i = 0; i != 5000; ++i) {
            wrong += d.digest_of("sk-key") == expected ? 0 : 1;
        }
    };
    std::thread one(work);
    std::thread two(work);
    one.join();
    two.join();
    BOOST_TEST(wrong.load() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

#include "lib/core/hash.hpp"

#include <bit>
#include <cstdint>
#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

using namespace cogate;

BOOST_AUTO_TEST_SUITE(core_hash)

BOOST_AUTO_TEST_CASE(values_never_change)
{
    BOOST_TEST(core::hash64("") == 0x92EFD7BCB510B27Bu);
    BOOST_TEST(core::hash64("gpt-4o") == 0x86AC3C7D5D035593u);
    BOOST_TEST(core::hash64("The quick brown fox jumps over the lazy dog") == 0x9B57C6D76D7D1ED2u);
    BOOST_TEST(core::hash64("gpt-4o", 7) == 0x9B164D85C1002235u);
}

BOOST_AUTO_TEST_CASE(lengths_seeds_and_single_bits_matter)
{
    std::set<std::uint64_t> seen;
    std::size_t count = 0;
    std::string text;
    for (int length = 0; length < 70; ++length, text += 'a') {
        for (const std::uint64_t seed : {0u, 1u}) {
            seen.insert(core::hash64(text, seed));
            ++count;
            for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
                std::string flipped = text;
                flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
                seen.insert(core::hash64(flipped, seed));
                ++count;
            }
        }
    }
    BOOST_TEST(seen.size() == count);
}

BOOST_AUTO_TEST_CASE(bits_are_spread)
{
    int changed = 0;
    constexpr int rounds = 2000;
    for (int i = 0; i < rounds; ++i) {
        changed += std::popcount(core::hash64(std::to_string(i)) ^ core::hash64(std::to_string(i + 1)));
    }
    BOOST_TEST(changed > rounds * 31);
    BOOST_TEST(changed < rounds * 33);
}

BOOST_AUTO_TEST_SUITE_END()

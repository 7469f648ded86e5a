#include "lib/core/ids.hpp"

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include <boost/test/unit_test.hpp>

using namespace cogate;

namespace {

std::string uuid(std::uint64_t ms, std::uint64_t a, std::uint64_t b)
{
    std::array<char, core::uuid_size> out;
    core::uuid_v7(ms, a, b, out);
    return {out.data(), out.size()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_ids)

BOOST_AUTO_TEST_CASE(uuid_of_known_bits)
{
    // RFC 9562, appendix A.6: rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F, 2022-02-22T19:22:22Z.
    BOOST_TEST(uuid(0x017F22E279B0, 0xCC3, 0x18C4DC0C0C07398F) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    BOOST_TEST(uuid(0, 0, 0) == "00000000-0000-7000-8000-000000000000");
    BOOST_TEST(uuid(~0ull, ~0ull, ~0ull) == "ffffffff-ffff-7fff-bfff-ffffffffffff");
}

BOOST_AUTO_TEST_CASE(uuids_sort_by_time)
{
    BOOST_TEST(uuid(1000, ~0ull, ~0ull) < uuid(1001, 0, 0));
}

BOOST_AUTO_TEST_CASE(unique_ids)
{
    std::set<std::string> seen;
    for (int i = 0; i < 10'000; ++i) {
        const std::string id = core::unique_id("chatcmpl-");
        BOOST_TEST_REQUIRE(id.starts_with("chatcmpl-"));
        BOOST_TEST_REQUIRE(id.size() == 9 + core::unique_id_size);
        BOOST_TEST_REQUIRE(
            id.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 9) ==
            std::string::npos);
        seen.insert(id);
    }
    BOOST_TEST(seen.size() == 10'000u);
}

BOOST_AUTO_TEST_CASE(threads_have_sources_of_their_own)
{
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 4; ++i) {
        std::thread([&seen] {
            for (int n = 0; n < 100; ++n) {
                seen.insert(core::random_bits());
            }
        }).join();
    }
    BOOST_TEST(seen.size() == 400u);
}

BOOST_AUTO_TEST_CASE(secure_random_fills)
{
    std::array<char, 64> first{};
    std::array<char, 64> second{};
    core::secure_random(first);
    core::secure_random(second);
    BOOST_TEST((first != second));
    BOOST_TEST((first != std::array<char, 64>{}));
    core::secure_random({});
}

BOOST_AUTO_TEST_SUITE_END()

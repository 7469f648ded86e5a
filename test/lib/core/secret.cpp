#include "lib/core/secret.hpp"

#include <cogate/secret.hpp>

#include <algorithm>
#include <new>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/test/unit_test.hpp>

using namespace cogate;

namespace {

template <class T>
concept streamable = requires(std::ostream& out, const T& value)
{
    out << value;
};

template <class T>
concept comparable = requires(const T& a, const T& b)
{
    a == b;
};

static_assert(streamable<std::string>);
static_assert(!streamable<secret>);
static_assert(!comparable<secret>);
static_assert(!std::is_convertible_v<secret, std::string>);
static_assert(!std::is_convertible_v<secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, secret>);

} // namespace

BOOST_AUTO_TEST_SUITE(core_secret)

BOOST_AUTO_TEST_CASE(holds_and_hands_out)
{
    const secret key(std::string("sk-123"));
    BOOST_TEST(key.reveal() == "sk-123");
    BOOST_TEST(!key.empty());
    BOOST_TEST(secret().empty());
    secret copy = key;
    copy = key;
    BOOST_TEST(copy.reveal() == "sk-123");
    secret moved = std::move(copy);
    BOOST_TEST(moved.reveal() == "sk-123");
    BOOST_TEST(copy.empty()); // NOLINT(bugprone-use-after-move): a moved-from secret holds nothing
    copy = std::move(moved);
    BOOST_TEST(copy.reveal() == "sk-123");
    BOOST_TEST(moved.empty()); // NOLINT(bugprone-use-after-move)
    const secret& same = copy;
    copy = same;
    BOOST_TEST(copy.reveal() == "sk-123");
}

BOOST_AUTO_TEST_CASE(leaves_no_bytes_behind)
{
    // A short secret lies inside the object itself, so its storage can be looked at afterwards.
    alignas(secret) unsigned char storage[sizeof(secret)] = {};
    const std::string text = "tiny-secret";
    const auto there = [&storage, &text] {
        return std::search(std::begin(storage), std::end(storage), text.begin(), text.end()) !=
               std::end(storage);
    };
    auto* const key = new (storage) secret(text);
    BOOST_TEST(there());
    const secret taken = std::move(*key);
    BOOST_TEST(!there());
    *key = taken;
    BOOST_TEST(there());
    key->~secret();
    BOOST_TEST(!there());
}

BOOST_AUTO_TEST_CASE(wipe_keeps_the_capacity_and_clears_all_of_it)
{
    std::string text(100, 'x');
    const char* const data = text.data();
    const std::size_t capacity = text.capacity();
    text.resize(10);
    core::wipe(text);
    BOOST_TEST(text.empty());
    BOOST_TEST_REQUIRE(text.data() == data);
    BOOST_TEST_REQUIRE(text.capacity() == capacity);
    BOOST_TEST(std::all_of(data, data + capacity, [](char c) { return c == 0; }));
}

BOOST_AUTO_TEST_CASE(compares_like_equality)
{
    const std::string texts[] = {"",
                                 "a",
                                 "b",
                                 "ab",
                                 "aa",
                                 "abc",
                                 "abd",
                                 "sk-1234567890",
                                 "sk-1234567891",
                                 std::string(1, '\0'),
                                 std::string("a\0", 2)};
    for (const std::string& a : texts) {
        for (const std::string& b : texts) {
            BOOST_TEST(core::constant_time_equal(a, b) == (a == b), a << " " << b);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

#include "lib/engine/waiting_room.hpp"

#include "test/lib/policy/lanes.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <string>

using namespace cogate;
using engine::waiting_room;

namespace {

/// One lane, a group over it, and calls that wait there and write down what they hear.
struct stage {
    std::unique_ptr<waiting_room::place> enter(std::string const& who, std::size_t capacity = 10,
                                               call_priority priority = call_priority::interactive)
    {
        return room->enter(group, priority, capacity, [this, who](waiting_room::word what) {
            heard += (heard.empty() ? "" : " ") + who + (what == waiting_room::word::room ? "" : " shed");
        });
    }
    std::string hear() { return std::exchange(heard, {}); }
    void freed() { room->freed(lanes[0]); }

    policy::test::lanes lanes;
    policy::lane& only = lanes.add();
    policy::group group = lanes.make_group("simple-shuffle");
    std::shared_ptr<waiting_room> room = std::make_shared<waiting_room>();
    std::string heard{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(engine_waiting_room)

BOOST_AUTO_TEST_CASE(each_free_place_calls_the_next_one)
{
    stage on;
    on.freed(); // nobody waits
    auto const a = on.enter("a");
    auto const b = on.enter("b");
    on.freed();
    BOOST_TEST(on.hear() == "a");
    on.freed();
    BOOST_TEST(on.hear() == "b");
}

BOOST_AUTO_TEST_CASE(who_leaves_after_being_called_calls_the_next_one)
{
    stage on;
    auto a = on.enter("a");
    auto const b = on.enter("b");
    auto c = on.enter("c");
    on.freed();
    BOOST_TEST(on.hear() == "a");
    a.reset(); // its time was over: the place is b's
    BOOST_TEST(on.hear() == "b");
    c.reset(); // it was not called
    BOOST_TEST(on.hear() == "");
}

BOOST_AUTO_TEST_CASE(a_place_that_is_freed_between_call_and_look_is_not_missed)
{
    stage on;
    auto const a = on.enter("a");
    on.freed();
    BOOST_TEST(on.hear() == "a");
    on.freed(); // there is nobody to be called, but a has found no room by now
    BOOST_TEST(on.hear() == "");
    a->stay();
    BOOST_TEST(on.hear() == "a");
    a->stay();
    BOOST_TEST(on.hear() == "");
    on.freed();
    BOOST_TEST(on.hear() == "a");
}

BOOST_AUTO_TEST_CASE(who_was_called_is_not_shed)
{
    stage on;
    auto const a = on.enter("a", 2, call_priority::batch);
    auto const b = on.enter("b", 2, call_priority::batch);
    on.freed();
    BOOST_TEST(on.hear() == "a");
    auto const c = on.enter("c", 2);
    BOOST_TEST((c != nullptr));
    BOOST_TEST(on.hear() == "b shed");
    on.freed();
    BOOST_TEST(on.hear() == "c");
    BOOST_TEST((on.enter("d", 2) == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

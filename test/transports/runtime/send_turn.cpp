#include "transports/runtime/send_turn.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <new>
#include <string>

using cogate::transports::send_turn;
namespace asio = boost::asio;

namespace {

asio::awaitable<void> work_then_send(send_turn& turn, std::string& log, char name)
{
    log += name;
    if (turn.waits()) {
        auto later = turn.end_of_turn();
        co_await std::move(later);
    }
    log += static_cast<char>(name - 'a' + 'A');
}

asio::awaitable<void> fail_to_send(send_turn& turn)
{
    auto later = turn.end_of_turn();
    co_await std::move(later);
    throw std::bad_alloc();
}

asio::awaitable<void> wait_and_look(send_turn& turn, asio::strand<asio::io_context::executor_type> strand,
                                    bool& there)
{
    auto later = turn.end_of_turn();
    co_await std::move(later);
    there = strand.running_in_this_thread();
}

void rethrow(std::exception_ptr error)
{
    if (error) {
        std::rethrow_exception(error);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(runtime_send_turn)

BOOST_AUTO_TEST_CASE(sends_follow_all_that_was_ready_in_order)
{
    asio::io_context io(1);
    std::string log;
    send_turn& turn = send_turn::of(io);
    for (const char name : {'a', 'b', 'c'}) {
        asio::co_spawn(io, work_then_send(turn, log, name), asio::detached);
    }
    io.run();
    BOOST_TEST(log == "abcABC");
}

BOOST_AUTO_TEST_CASE(after_a_lonely_send_some_go_at_once)
{
    asio::io_context io(1);
    std::string log;
    send_turn& turn = send_turn::of(io);
    asio::co_spawn(io, work_then_send(turn, log, 'a'), asio::detached);
    io.run();
    int at_once = 0;
    while (!turn.waits()) {
        ++at_once;
    }
    BOOST_TEST(at_once == 16);
    BOOST_TEST(turn.waits());

    io.restart();
    log.clear();
    for (const char name : {'a', 'b'}) {
        asio::co_spawn(io, work_then_send(turn, log, name), asio::detached);
    }
    io.run();
    BOOST_TEST(log == "abAB");
    BOOST_TEST(turn.waits());
}

BOOST_AUTO_TEST_CASE(one_that_throws_does_not_hold_up_the_others)
{
    asio::io_context io(1);
    std::string log;
    send_turn& turn = send_turn::of(io);
    asio::co_spawn(io, fail_to_send(turn), &rethrow);
    asio::co_spawn(io, work_then_send(turn, log, 'a'), asio::detached);
    asio::co_spawn(io, work_then_send(turn, log, 'b'), asio::detached);
    int thrown = 0;
    for (bool done = false; !done;) {
        try {
            io.run();
            done = true;
        } catch (std::bad_alloc const&) {
            ++thrown;
        }
    }
    BOOST_TEST(thrown == 1);
    BOOST_TEST(log == "abAB");
}

BOOST_AUTO_TEST_CASE(on_a_strand_it_goes_on_there)
{
    asio::io_context io(1);
    const asio::strand<asio::io_context::executor_type> strand = asio::make_strand(io);
    send_turn& turn = send_turn::of(io);
    bool there = false;
    asio::co_spawn(strand, wait_and_look(turn, strand, there), asio::detached);
    io.run();
    BOOST_TEST(there);
}

BOOST_AUTO_TEST_CASE(a_context_that_goes_takes_what_waits_with_it)
{
    std::string log;
    {
        asio::io_context io(1);
        send_turn& turn = send_turn::of(io);
        asio::co_spawn(io, work_then_send(turn, log, 'a'), asio::detached);
        io.run_one(); // the start of the coroutine
        io.poll_one();
    }
    BOOST_TEST(log.starts_with("a"));
}

BOOST_AUTO_TEST_SUITE_END()

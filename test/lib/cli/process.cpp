#include "lib/cli/process.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <semaphore>

#include <sys/resource.h>
#include <unistd.h>

using namespace cogate::cli;

BOOST_AUTO_TEST_SUITE(cli_process)

BOOST_AUTO_TEST_CASE(signals_wait_for_the_watch)
{
    signal_block const block;
    // Sent before the watch is there: without the block it would end the program.
    ::kill(::getpid(), SIGTERM);
    int calls = 0;
    std::binary_semaphore called(0);
    {
        signal_watch const watch([&] {
            ++calls;
            called.release();
        });
        called.acquire();
        ::kill(::getpid(), SIGINT);
        called.acquire();
    }
    // The watch ends itself by a signal, which is nobody's wish to drain.
    BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(a_server_may_open_what_the_system_allows)
{
    prepare_process(2);
    rlimit files{};
    BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &files) == 0);
    BOOST_TEST(files.rlim_cur == files.rlim_max);
}

BOOST_AUTO_TEST_SUITE_END()

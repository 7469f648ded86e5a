#include "lib/ledger/sqlite/sqlite_store.hpp"
#include "lib/ledger/verify.hpp"

#include "test/common/seeded.hpp"
#include "test/lib/ledger/fault_vfs.hpp"
#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace cogate::ledger;
using namespace cogate::test;

constexpr nanos price = 100; // reserved and true cost: recovery then books what the replay would
constexpr std::uint32_t finished = UINT32_MAX;

event numbered(std::uint32_t i)
{
    return ledger_event("r" + std::to_string(i / 2), i % 2 == 0 ? event_kind::reserve : event_kind::settle,
                        price, "key-" + std::to_string(i / 2 % 3));
}

/// A process that works with a ledger until it dies, and the numbers of the events it saw acknowledged.
class victim {
public:
    explicit victim(std::function<void(int out)> const& work)
    {
        int ends[2];
        BOOST_REQUIRE(::pipe(ends) == 0);
        pid_ = ::fork();
        BOOST_REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            ::close(ends[0]);
            work(ends[1]);
            ::_exit(0);
        }
        ::close(ends[1]);
        in_ = ends[0];
    }
    ~victim()
    {
        if (pid_ > 0) {
            kill();
            wait();
        }
        ::close(in_);
    }
    victim(victim const&) = delete;
    victim& operator=(victim const&) = delete;

    /// Until `most` numbers have come or the process has ended.
    void read(std::size_t most = SIZE_MAX)
    {
        std::uint32_t number = 0;
        while (acknowledged_.size() < most && ::read(in_, &number, sizeof number) == sizeof number) {
            if (number == finished) {
                has_finished_ = true;
            } else {
                acknowledged_.push_back(number);
            }
        }
    }
    bool has_finished() const { return has_finished_; }
    void kill() const { ::kill(pid_, SIGKILL); }
    void wait()
    {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
    }
    std::vector<std::uint32_t> const& acknowledged() const { return acknowledged_; }

private:
    pid_t pid_ = -1;
    int in_ = -1;
    std::vector<std::uint32_t> acknowledged_;
    bool has_finished_ = false;
};

void report(int out, std::uint32_t number)
{
    if (::write(out, &number, sizeof number) != sizeof number) {
        ::_exit(2);
    }
}

/// The scripted run: each event in a commit of its own.
void run_script(sqlite_options const& options, std::uint32_t events, int out)
{
    cogate::result<std::unique_ptr<store>> s = open_sqlite(options, ledger_noon);
    for (std::uint32_t i = 0; i != events && s.has_value(); ++i) {
        bool const is_taken =
            s.value()->append(numbered(i), [out, i](outcome) { report(out, i); }).has_value();
        if (!is_taken || !s.value()->flush(60s)) {
            ::_exit(3);
        }
    }
    s = cogate::failure{}; // closes the ledger
    report(out, finished);
}

/// What must hold of a ledger after a crash: all that was acknowledged is there once, counters are sums, and
/// after the whole script has been replayed the total is the script's.
void check_survivor(temp_ledger const& at, std::vector<std::uint32_t> const& acknowledged,
                    std::uint32_t events, bool acknowledged_must_be_there = true)
{
    std::unique_ptr<store> s = at.open();
    verification const found = verify(at.path()).value();
    BOOST_REQUIRE(found.is_right());
    BOOST_REQUIRE(found.open_rows == 0u);
    std::vector<outcome> outcomes(events, outcome::lost);
    for (std::uint32_t i = 0; i != events; ++i) {
        BOOST_REQUIRE(s->append(numbered(i), [&outcomes, i](outcome o) { outcomes[i] = o; }).has_value());
    }
    BOOST_REQUIRE(s->flush(60s));
    for (std::uint32_t const i : acknowledged) {
        BOOST_REQUIRE((!acknowledged_must_be_there || outcomes.at(i) == outcome::duplicate));
    }
    verification const after = verify(at.path()).value();
    BOOST_REQUIRE(after.is_right());
    BOOST_REQUIRE(after.rows == (events + 1) / 2);
    BOOST_REQUIRE(after.spent == static_cast<nanos>(events / 2) * price);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_crash)

BOOST_AUTO_TEST_CASE(killed_at_every_change_of_a_scripted_run_nothing_is_lost_or_doubled)
{
    constexpr std::uint32_t events = 6;
    std::uint64_t points = 0;
    for (bool has_finished = false; !has_finished; ++points) {
        temp_ledger at;
        sqlite_options options = at.options();
        options.vfs = fault_vfs::name();
        victim v([&](int out) {
            fault_vfs::kill_at(points + 1);
            run_script(options, events, out);
        });
        v.read();
        v.wait();
        has_finished = v.has_finished();
        check_survivor(at, v.acknowledged(), events);
    }
    BOOST_TEST(points > 50u);
    BOOST_TEST_MESSAGE("killed at " << points << " changes");
}

BOOST_AUTO_TEST_CASE(killed_at_random_under_load_nothing_is_lost_or_doubled)
{
    constexpr std::uint32_t events = 1600;
    for (std::uint64_t loop = 0; loop != 20; ++loop) {
        seeded random(loop + 1);
        temp_ledger at;
        sqlite_options options = at.options();
        options.queue.linger = 2ms;
        options.batch_rows = 1 + random.below(64);
        victim v([&](int out) {
            std::unique_ptr<store> s = open_sqlite(options, ledger_noon).value();
            auto const half = [&](std::uint32_t from) {
                for (std::uint32_t i = from; i < events; i += 4) {
                    for (std::uint32_t const n : {i, i + 1}) {
                        while (s->append(numbered(n), [out, n](outcome) { report(out, n); }).has_error()) {
                            std::this_thread::yield();
                        }
                    }
                }
            };
            std::thread other(half, 2);
            half(0);
            other.join();
            s->flush(60s);
        });
        v.read(1 + random.below(events - 100));
        v.kill();
        v.read();
        v.wait();
        BOOST_TEST(!v.acknowledged().empty());
        check_survivor(at, v.acknowledged(), events);
    }
}

// At every change of a file: what was written since its last sync is lost in part.
BOOST_AUTO_TEST_CASE(when_the_power_fails_only_the_fsync_per_commit_keeps_every_acknowledged_row)
{
    constexpr std::uint32_t events = 6;
    for (durability const keep : {durability::power, durability::process}) {
        std::uint64_t points = 0;
        for (bool has_finished = false; !has_finished; ++points) {
            temp_ledger at;
            sqlite_options options = at.options();
            options.vfs = fault_vfs::name();
            options.keep = keep;
            victim v([&](int out) {
                fault_vfs::cut_power_at(points + 1, points + 1);
                run_script(options, events, out);
            });
            v.read();
            v.wait();
            has_finished = v.has_finished();
            check_survivor(at, v.acknowledged(), events, keep == durability::power);
        }
        BOOST_TEST(points > 50u);
        BOOST_TEST_MESSAGE("the power failed at " << points << " changes");
    }
}

BOOST_AUTO_TEST_SUITE_END()

#pragma once

#include "lib/ledger/sqlite/sqlite_store.hpp"

#include "test/lib/ledger/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace cogate::test {

/// A folder for one ledger, gone with its owner.
class temp_ledger {
public:
    temp_ledger()
    {
        std::string name = (std::filesystem::temp_directory_path() / "cogate-ledger-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        folder_ = name;
    }
    ~temp_ledger()
    {
        std::error_code ec;
        std::filesystem::remove_all(folder_, ec);
    }
    temp_ledger(temp_ledger const&) = delete;
    temp_ledger& operator=(temp_ledger const&) = delete;

    std::filesystem::path const& folder() const { return folder_; }
    std::string path() const { return (folder_ / "ledger.sqlite").string(); }

    ledger::sqlite_options options() const
    {
        ledger::sqlite_options out;
        out.path = path();
        out.queue.linger = std::chrono::milliseconds{0};
        out.queue.gather = std::chrono::milliseconds{0};
        out.closing_patience = std::chrono::milliseconds{100};
        return out;
    }
    std::unique_ptr<ledger::store> open() const { return open(options()); }
    static std::unique_ptr<ledger::store> open(ledger::sqlite_options const& with)
    {
        result<std::unique_ptr<ledger::store>> opened =
            ledger::open_sqlite(with, ledger_noon + std::chrono::hours{1});
        BOOST_REQUIRE_MESSAGE(opened.has_value(),
                              (opened.has_error() ? opened.error()->message : std::string()));
        return std::move(*opened);
    }

private:
    std::filesystem::path folder_;
};

/// Appends, and waits for the outcome.
inline ledger::outcome appended(ledger::store& to, ledger::event e)
{
    std::promise<ledger::outcome> done;
    result<void> const taken = to.append(std::move(e), [&](ledger::outcome o) { done.set_value(o); });
    BOOST_REQUIRE(taken.has_value());
    return done.get_future().get();
}

/// What a scope has spent in all.
inline ledger::nanos spent_by(ledger::store& in, ledger::scope who,
                              ledger::moment since = ledger::moment::min())
{
    ledger::spend_query const query{std::move(who), since};
    return in.spent({&query, 1}).value().front();
}

} // namespace cogate::test

#pragma once

#include "lib/ledger/report.hpp"
#include "lib/ledger/sqlite/reader.hpp"

#include <sqlite3.h>

#include <optional>
#include <string>
#include <utility>

namespace cogate::ledger::sqlite {

/// Thrown inside a report that would pass its limits.
struct too_large {};

/// Ends the queries of a connection after a number of steps. Must not outlive the connection.
class step_limit {
public:
    step_limit(connection& in, std::uint64_t most) noexcept : in_(in), left_(most / each + 1)
    {
        sqlite3_progress_handler(in.handle(), each, &step_limit::tick, this);
    }
    ~step_limit() { sqlite3_progress_handler(in_.handle(), 0, nullptr, nullptr); }
    step_limit(step_limit const&) = delete;
    step_limit& operator=(step_limit const&) = delete;

private:
    static constexpr int each = 1000;
    static int tick(void* self) noexcept { return --static_cast<step_limit*>(self)->left_ == 0 ? 1 : 0; }

    connection& in_;
    std::uint64_t left_;
};

inline failure report_too_large()
{
    return failure{error_kind::invalid_request,
                   "The report would read too much of the ledger; ask for fewer days or for one owner."}
        .with_code("report_too_large");
}

/// Runs `work(connection&)` over one state of the ledger, within a number of steps.
template <class T, class Work>
result<T> read_report(std::string const& path, report_limits const& limits, Work work)
{
    result<std::optional<T>> out =
        with_reader<std::optional<T>>(path, [&](connection& in) -> std::optional<T> {
            step_limit const bound(in, limits.most_steps);
            try {
                transaction const one_state(in, transaction::kind::read);
                return work(in);
            } catch (too_large const&) {
                return std::nullopt;
            } catch (error const& e) {
                if (e.primary_code() != SQLITE_INTERRUPT) {
                    throw;
                }
                return std::nullopt;
            }
        });
    if (!out) {
        return out.error();
    }
    if (!*out) {
        return report_too_large();
    }
    return std::move(**out);
}

} // namespace cogate::ledger::sqlite

#include "lib/observe/access_log.hpp"

#include "lib/core/json/writer.hpp"
#include "lib/observe/line_writer.hpp"

#include <array>
#include <ctime>

namespace asio = boost::asio;

namespace cogate::observe {
namespace {

// RFC 3339 in UTC. The text of the second is kept: calls of one second come in thousands.
std::string_view iso_time(std::chrono::system_clock::time_point when)
{
    thread_local std::time_t known = -1;
    thread_local std::array<char, 40> text{};
    thread_local std::size_t size = 0;
    auto const ms = std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
    std::time_t const seconds = static_cast<std::time_t>(ms / 1000);
    if (seconds != known) {
        std::tm parts{};
        ::gmtime_r(&seconds, &parts);
        size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.000Z", &parts);
        known = seconds;
    }
    for (std::size_t digit = 0, rest = static_cast<std::size_t>(ms % 1000); digit != 3; ++digit, rest /= 10) {
        text[size - 2 - digit] = static_cast<char>('0' + rest % 10);
    }
    return {text.data(), size};
}

double milliseconds(std::chrono::nanoseconds span)
{
    return static_cast<double>(span.count() / 1000) / 1000.0;
}

class access_log final : public observer {
public:
    explicit access_log(std::string const& path) : lines_(path) {}

    interests wants() const override { return {false, false, true, true}; }

    asio::awaitable<void> on_success(call_facts_ptr call, call_outcome_ptr outcome) override
    {
        log(*call, *outcome);
        co_return;
    }

    asio::awaitable<void> on_failure(call_facts_ptr call, call_outcome_ptr outcome) override
    {
        log(*call, *outcome);
        co_return;
    }

private:
    void log(call_facts const& call, call_outcome const& outcome)
    {
        thread_local std::string line;
        line.clear();
        json::writer out(line);
        out.begin_object();
        out.member("time", iso_time(call.started_at));
        out.member("call_id", call.call_id);
        out.member("operation", call.operation);
        out.member("model", call.model_group);
        out.member("stream", call.stream);
        out.member("deployment", outcome.deployment_id);
        out.member("provider", outcome.provider);
        out.member("upstream_status", outcome.status);
        out.member("attempts", outcome.attempts);
        out.member("duration_ms", milliseconds(outcome.duration));
        out.member("upstream_ms", milliseconds(outcome.upstream));
        if (outcome.first_token) {
            out.member("first_token_ms", milliseconds(*outcome.first_token));
        }
        if (outcome.usage.reported) {
            out.member("prompt_tokens", outcome.usage.prompt_tokens);
            out.member("completion_tokens", outcome.usage.completion_tokens);
            out.member("cached_tokens", outcome.usage.cached_tokens);
        }
        if (outcome.error) {
            out.member("error", to_string((*outcome.error)->kind));
            out.member("code", (*outcome.error)->code);
        }
        out.end_object();
        lines_.write(line);
    }

    line_writer lines_;
};

} // namespace

std::shared_ptr<observer> make_access_log(std::string const& path)
{
    return std::make_shared<access_log>(path);
}

} // namespace cogate::observe

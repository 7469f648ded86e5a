#include "lib/observe/access_log.hpp"

#include "lib/core/json/writer.hpp"
#include "lib/observe/line_writer.hpp"

#include <ctime>

namespace asio = boost::asio;

namespace cogate::observe {
namespace {

std::string iso_time(std::chrono::system_clock::time_point when)
{
    auto const ms = std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
    std::time_t const seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[40];
    std::size_t const n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    char tail[8];
    std::snprintf(tail, sizeof tail, ".%03dZ", static_cast<int>(ms % 1000));
    return std::string(text, n) + tail;
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

#include "lib/observe/access_log.hpp"

#include "lib/core/json/plain_run.hpp"
#include "lib/core/json/string.hpp"
#include "lib/observe/line_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
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

// A line is put together from constant pieces: a writer that quotes and checks every name took a tenth of
// the CPU time of a small call.
class line_text {
public:
    /// `room` keeps what it has grown to; its text is what `view` gives.
    explicit line_text(std::string& room) : room_(room) { make_room(0); }

    /// `before` is everything between the last value and this one.
    template <std::size_t Size>
    line_text& text(char const (&before)[Size], std::string_view value)
    {
        constant(before);
        quoted(value);
        return *this;
    }
    template <std::size_t Size>
    line_text& plain(char const (&before)[Size], std::string_view value)
    {
        constant(before);
        make_room(value.size());
        size_ += value.copy(room_.data() + size_, value.size());
        return *this;
    }
    template <std::size_t Size>
    line_text& number(char const (&before)[Size], std::int64_t value)
    {
        constant(before);
        digits(value);
        return *this;
    }
    /// Milliseconds with three decimals.
    template <std::size_t Size>
    line_text& milliseconds(char const (&before)[Size], std::chrono::nanoseconds span)
    {
        constant(before);
        std::int64_t const us = std::max<std::int64_t>(span.count() / 1000, 0);
        digits(us / 1000);
        std::int64_t const rest = us % 1000;
        char* const to = room_.data() + size_;
        to[0] = '.';
        to[1] = static_cast<char>('0' + rest / 100);
        to[2] = static_cast<char>('0' + rest / 10 % 10);
        to[3] = static_cast<char>('0' + rest % 10);
        size_ += 4;
        return *this;
    }

    std::string_view view() const noexcept { return std::string_view(room_).substr(0, size_); }

private:
    // More than a constant piece and a number need, so that these ask for room once between them.
    static constexpr std::size_t slack = 128;

    template <std::size_t Size>
    void constant(char const (&piece)[Size])
    {
        static_assert(Size + 32 <= slack);
        make_room(0);
        std::memcpy(room_.data() + size_, piece, Size - 1);
        size_ += Size - 1;
    }

    void digits(std::int64_t value) noexcept
    {
        char* const to = room_.data() + size_;
        size_ += static_cast<std::size_t>(std::to_chars(to, to + 20, value).ptr - to);
    }

    void quoted(std::string_view value)
    {
        make_room(value.size());
        char const* const last = value.data() + value.size();
        if (json::skip_plain(value.data(), last) == last) {
            char* to = room_.data() + size_;
            *to++ = '"';
            to += value.copy(to, value.size());
            *to = '"';
            size_ += value.size() + 2;
            return;
        }
        room_.resize(size_);
        json::append_quoted(room_, value);
        size_ = room_.size();
    }

    /// For so many bytes and the slack.
    void make_room(std::size_t bytes)
    {
        if (room_.size() - size_ < bytes + slack) {
            room_.resize(std::max(room_.capacity(), size_ + bytes + slack));
        }
    }

    std::string& room_;
    std::size_t size_ = 0;
};

// Beyond these a call has tried so much that its line says enough.
constexpr std::size_t most_attempts = 32;

void add_attempt(line_text& out, attempt_trace const& one)
{
    out.text(R"({"deployment":)", one.deployment_id);
    out.text(R"(,"model":)", one.model_group);
    out.text(R"(,"reason":)", one.reason);
    out.milliseconds(R"(,"start_ms":)", one.started);
    if (one.first_token) {
        out.milliseconds(R"(,"first_token_ms":)", *one.first_token);
    }
    if (one.ended) {
        out.milliseconds(R"(,"end_ms":)", *one.ended);
    }
    out.number(R"(,"upstream_status":)", one.status);
    if (one.cost) {
        out.number(R"(,"cost_nano_usd":)", one.cost->nanos());
    }
    if (one.error) {
        out.text(R"(,"error":)", to_string((*one.error)->kind));
        out.text(R"(,"code":)", (*one.error)->code);
    }
    out.plain("}", {});
}

void add_route(line_text& out, std::vector<attempt_trace> const& route)
{
    std::size_t const shown = std::min(route.size(), most_attempts);
    out.plain(R"(,"route":[)", {});
    for (std::size_t i = 0; i != shown; ++i) {
        if (i != 0) {
            out.plain(",", {});
        }
        add_attempt(out, route[i]);
    }
    out.plain("]", {});
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
        thread_local std::string room;
        line_text out(room);
        out.plain(R"({"time":")", iso_time(call.started_at));
        out.text(R"(","call_id":)", call.call_id);
        out.text(R"(,"operation":)", call.operation);
        out.text(R"(,"model":)", call.model_group);
        out.plain(R"(,"stream":)", call.stream ? "true" : "false");
        out.text(R"(,"deployment":)", outcome.deployment_id);
        out.text(R"(,"provider":)", outcome.provider);
        out.text(R"(,"upstream_model":)", outcome.upstream_model);
        out.number(R"(,"upstream_status":)", outcome.status);
        out.number(R"(,"attempts":)", outcome.attempts);
        out.number(R"(,"retries":)", outcome.retries);
        out.number(R"(,"fallbacks":)", outcome.fallbacks);
        out.milliseconds(R"(,"duration_ms":)", outcome.duration);
        out.milliseconds(R"(,"upstream_ms":)", outcome.upstream);
        if (outcome.first_token) {
            out.milliseconds(R"(,"first_token_ms":)", *outcome.first_token);
        }
        out.number(R"(,"request_bytes":)", static_cast<std::int64_t>(outcome.request_bytes));
        if (outcome.usage.reported) {
            out.number(R"(,"prompt_tokens":)", outcome.usage.prompt_tokens);
            out.number(R"(,"completion_tokens":)", outcome.usage.completion_tokens);
            out.number(R"(,"cached_tokens":)", outcome.usage.cached_tokens);
        }
        if (outcome.cost) {
            out.number(R"(,"cost_nano_usd":)", outcome.cost->nanos());
        }
        if (outcome.error) {
            out.text(R"(,"error":)", to_string((*outcome.error)->kind));
            out.text(R"(,"code":)", (*outcome.error)->code);
        }
        if (!outcome.route.empty()) {
            add_route(out, outcome.route);
        }
        out.plain("}", {});
        lines_.write(out.view());
    }

    line_writer lines_;
};

} // namespace

std::shared_ptr<observer> make_access_log(std::string const& path)
{
    return std::make_shared<access_log>(path);
}

} // namespace cogate::observe

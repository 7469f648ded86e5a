#include "lib/engine/chat.hpp"

#include "lib/engine/call.hpp"
#include "lib/engine/outgoing_chat.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace asio = boost::asio;

namespace cogate::engine {
namespace {

class whole_chat final : public encoded_dispatch {
public:
    using encoded_dispatch::encoded_dispatch;

    ready ready_when() const noexcept override { return ready::whole; }

    result<void> whole(providers::whole_answer const& answer) override
    {
        result<chat_response> decoded = dialect().decode_chat(answer, context());
        if (!decoded) {
            return decoded.error();
        }
        answer_ = std::move(*decoded);
        return {};
    }

    usage used() const override { return answer_.usage; }
    chat_response& answer() noexcept { return answer_; }

private:
    chat_response answer_;
};

} // namespace

outgoing_facts routing_facts(chat_request const& request) noexcept
{
    outgoing_facts out;
    for (message const& each : request.messages) {
        for (content_part const& part : each.content) {
            if (auto const* const text = std::get_if<text_part>(&part)) {
                out.bytes += text->text.size();
            }
        }
    }
    for (tool const& each : request.tools) {
        out.bytes += each.description.size() + each.parameters.text.size();
    }
    auto const most = request.max_completion_tokens ? request.max_completion_tokens : request.max_tokens;
    out.max_output_tokens =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(most.value_or(0), 0, 1'000'000'000));
    return out;
}

planned_cost cost_plan(chat_request const& request) noexcept
{
    planned_cost out;
    out.tokens.max_output_tokens =
        request.max_completion_tokens ? request.max_completion_tokens : request.max_tokens;
    out.tokens.choices = std::max<std::int64_t>(request.n.value_or(1), 1);
    return out;
}

asio::awaitable<result<chat_response>> complete(kernel& owner, std::shared_ptr<chat_request const> request,
                                                call_options options)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call one{owner, executor, {"chat", request->model, false}, options};
    outgoing_chat<whole_chat> what{*request, false};
    result<void> const started = co_await one.start(what);
    if (!started) {
        co_return started.error();
    }
    chat_response& answer = static_cast<whole_chat&>(one.answer()).answer();
    answer.cost = one.cost();
    co_return std::move(answer);
}

} // namespace cogate::engine

#include "lib/engine/relay_call.hpp"

#include "lib/engine/relay_dispatch.hpp"

#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {
namespace {

// A relay_task makes nothing else.
relay_dispatch& answer_of(call const& one) noexcept
{
    return static_cast<relay_dispatch&>(one.answer());
}

} // namespace

relay_call::relay_call(kernel& owner, asio::any_io_executor executor, std::string_view operation,
                       relay_task& task, std::string_view model, call_options const& options,
                       served_deployment const* fixed)
    : call_(owner, std::move(executor), {operation, model, task.facts().stream, fixed}, options), task_(task)
{
    task_.name_answers(call_.facts().call_id);
}

asio::awaitable<result<void>> relay_call::start()
{
    return call_.start(task_);
}

std::string_view relay_call::whole() noexcept
{
    return answer_of(call_).take();
}

asio::awaitable<result<std::string_view>> relay_call::next()
{
    for (;;) {
        std::string_view const run = answer_of(call_).take();
        if (!run.empty() || call_.complete()) {
            co_return run;
        }
        result<void> const pulled = co_await call_.pull();
        if (!pulled) {
            co_return pulled.error();
        }
    }
}

} // namespace cogate::engine

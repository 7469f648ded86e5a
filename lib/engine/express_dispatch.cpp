#include "lib/engine/express_dispatch.hpp"

#include <string_view>
#include <utility>

namespace cogate::engine {

express_dispatch::express_dispatch(express_task const& task, place const& to)
    : relay_dispatch(task.facts().stream),
      task_(task),
      pricer_(task.inbound().cost, to.deployment, to.upstream_model),
      max_event_bytes_(0)
{
    providers::call_context const context = to.deployment.context(to.upstream_model, task.facts().stream);
    if (task.facts().stream) {
        max_event_bytes_ = to.dialect.max_event_bytes(context);
    }
    task.scanned().splice(to.upstream_model, spliced_);
    path_ = to.dialect.express_path(task.operation(), context);
    headers_ = to.dialect.express_headers(task.inbound().headers);
    request_ = {.path = path_,
                .body = {spliced_.pieces.data(), spliced_.count},
                .headers = headers_,
                .accept =
                    task.facts().stream ? to.dialect.stream_accept() : std::string_view("application/json"),
                .dialect = &to.dialect};
}

result<void> express_dispatch::whole(providers::whole_answer const& answer)
{
    result<providers::relay_facts> seen = task_.lane().inspect(answer.body);
    if (!seen) {
        return seen.error();
    }
    if (seen->error) {
        return *seen->error;
    }
    answered(pricer_.whole(answer.body, seen->usage), std::move(seen->usage));
    return {};
}

std::optional<std::int64_t> express_dispatch::count_prompt() const
{
    std::string_view const body = task_.inbound().body;
    if (task_.operation() != providers::operation::chat || body.size() > most_counted) {
        return {};
    }
    result<providers::parsed_chat> const asked =
        task_.inbound().dialect.parse_chat(body, task_.inbound().target);
    return asked ? std::optional(count_tokens_of(task_.facts().model, asked->request)) : std::nullopt;
}

std::unique_ptr<answer_stream> express_dispatch::open_stream()
{
    if (pricer_.asked()) {
        providers::request_facts facts = task_.facts();
        facts.wants_usage = true;
        return pricer_.stream(express_stream(task_.lane(), facts, max_event_bytes_));
    }
    return pricer_.stream(express_stream(task_.lane(), task_.facts(), max_event_bytes_));
}

} // namespace cogate::engine

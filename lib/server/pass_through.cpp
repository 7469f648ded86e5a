#include "lib/engine/call.hpp"
#include "lib/engine/request_terms.hpp"
#include "lib/server/admission.hpp"
#include "lib/server/call_wishes.hpp"
#include "lib/server/passed_call.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"
#include "lib/server/stream_out.hpp"
#include "lib/wire/header.hpp"
#include "providers/native_call.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

/// "openai" of "/openai/v1/models".
std::string_view service_of(std::string_view target, std::string_view rest) noexcept
{
    std::string_view path = target.substr(0, target.find('?'));
    path.remove_suffix(
        std::min(path.size(), rest.size() + (path.ends_with('/') && !rest.ends_with('/') ? 2 : 1)));
    return path.substr(path.rfind('/') + 1);
}

/// A request to a service: what it is, where it goes, and who pays.
struct passing {
    std::shared_ptr<engine::routes const> served; ///< keeps the deployment
    engine::served_deployment const* service = nullptr;
    std::optional<providers::native_call> what{}; ///< empty: nothing is known of it
    std::string model{};                          ///< the name that it is allowed and booked under
    call_options options{};

    std::string_view upstream_model() const noexcept { return what ? what->model : model; }
};

// Of the names that the model has here the first that the caller may use. One that means something else to the caller is
// none of them: the body names the model itself, and no alias changes that.
result<std::string> name_for(routed const& at, std::vector<std::string> names)
{
    std::erase_if(names,
                  [&](std::string const& name) { return ledger::model_meant(at.caller, name) != name; });
    if (names.empty()) {
        return failure{error_kind::permission_denied,
                       "The names of this model are aliases of others for this key."}
            .with_code("key_model_access_denied")
            .with_param("model");
    }
    auto const allowed = std::find_if(names.begin(), names.end(),
                                      [&](std::string const& name) { return may_see_model(at, name); });
    return allowed != names.end() ? *allowed : names.back(); // whose refusal names it
}

result<passing> open(routed const& at, asio::any_io_executor const& executor, std::string_view service,
                     std::string_view body)
{
    passing out{.served = at.server.kernel().current_routes()};
    result<std::optional<providers::native_call>> read =
        providers::read_native_call(service, at.request.method(), at.rest, body);
    if (!read) {
        return read.error();
    }
    out.what = std::move(*read);
    out.service = out.served->service(service, out.what ? out.what->model : std::string_view{});
    result<call_options> wishes = read_wishes(at.request);
    if (!wishes) {
        return wishes.error();
    }
    out.options = std::move(*wishes);
    engine::request_terms terms;
    if (out.what) {
        terms = engine::read_request_terms(body);
        result<std::string> name = name_for(at, out.served->names_of(service, out.what->model));
        if (!name) {
            return name.error();
        }
        out.model = std::move(*name);
    } else {
        // nobody's model; lists of models allow it as "openai/*" does
        out.model = std::string(service) + "/*";
    }
    asked_call const asked{.call_type = "pass_through",
                           .model = out.model,
                           .end_user = terms.end_user,
                           .prompt_bytes = static_cast<std::int64_t>(body.size()),
                           .max_output_tokens = terms.max_output_tokens.value_or(0)};
    result<std::string_view> const admitted = admit(at, executor, asked, out.options);
    if (!admitted) {
        return admitted.error();
    }
    return out;
}

// Known once it is whole: what it cost is a header then.
asio::awaitable<void> pass_whole(transports::inbound_request& request,
                                 providers::server_dialect const& dialect, engine::call& call)
{
    auto& answer = static_cast<passed_answer&>(call.answer());
    result<std::string_view> const body = co_await call.read_all();
    if (!body) {
        failure why = call.fail(body.error());
        asio::awaitable<void> refusal = reply_error(dialect, request, std::move(why), &call);
        co_await std::move(refusal);
        co_return;
    }
    int const status = call.head().status; // the head is gone with the record
    std::string const type(wire::find_header(call.head().headers, "content-type").value_or(json_type));
    result<usage> const used = answer.whole_answer(call.head(), *body);
    std::optional<failure> why;
    if (used) {
        call.succeed(*used);
    } else {
        why = call.fail(used.error());
    }
    bool const refused = why && status / 100 != 2;
    asio::awaitable<void> sent = reply(request, status, type, *body, &call, refused ? &*why : nullptr);
    co_await std::move(sent);
}

} // namespace

asio::awaitable<void> pass_through(routed at)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    std::string_view const name = service_of(at.request.target(), at.rest);
    result<std::string_view> body = std::string_view{};
    if (at.server.kernel().current_routes()->service(name) == nullptr) {
        body = failure{error_kind::not_found, "Nothing is passed through to " + std::string(name) +
                                                  ": no deployment and no key in the environment names it."}
                   .with_code("model_not_found");
    } else {
        body = co_await at.request.read_body();
        if (!body) {
            at.request.close_after();
        }
    }
    result<passing> opened = passing{};
    if (body) {
        opened = open(at, executor, name, *body);
    } else {
        opened = body.error();
    }
    if (!opened) {
        failure why = opened.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    providers::native_call const* const what = opened->what ? &*opened->what : nullptr;
    // counting tokens is free of charge; its place among the calls at once lives as long as the call
    std::shared_ptr<payer> const account = opened->options.payer;
    if (what != nullptr && what->what == providers::operation::count_tokens) {
        opened->options.payer.reset();
    }
    passed_call out{at.request, at.rest, *body, what};
    engine::call_kind const kind{.operation = "pass_through",
                                 .model = opened->model,
                                 .stream = what != nullptr && what->stream,
                                 .deployment = opened->service,
                                 .upstream_model = opened->upstream_model()};
    engine::call call{at.server.kernel(), executor, kind, opened->options};
    disconnect_guard const guard{at.request, call};
    result<void> const started = co_await call.start(out);
    if (!started) {
        failure why = started.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why), &call);
        co_await std::move(refusal);
        co_return;
    }
    auto& answer = static_cast<passed_answer&>(call.answer());
    bool const whole = what != nullptr && !answer.streams(call.head());
    if (whole) {
        asio::awaitable<void> sent = pass_whole(at.request, at.dialect, call);
        co_await std::move(sent);
        co_return;
    }
    asio::awaitable<void> rest = stream_body(at.request, call, what != nullptr ? &answer : nullptr);
    co_await std::move(rest);
}

} // namespace cogate::server

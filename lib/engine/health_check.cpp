#include "lib/engine/health_check.hpp"

#include "lib/engine/chat.hpp"
#include "lib/engine/guarded.hpp"
#include "lib/engine/operations.hpp"
#include "lib/policy/route_table.hpp"
#include "transports/runtime/waiter.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {
namespace {

constexpr std::size_t at_once = 8;
constexpr std::chrono::seconds patience{30};
constexpr std::size_t longest_error = 500;

/// One round of questions; its askers share it.
struct round {
    round(kernel& asked, transports::timers& clock) : owner(asked), timers(clock), done(clock) {}

    kernel& owner;
    transports::timers& timers;
    transports::waiter done;
    std::shared_ptr<routes const> served;
    std::vector<served_deployment const*> targets;
    std::vector<deployment_health> found; ///< beside `targets`
    std::size_t next = 0;
    std::size_t running = 0;
};

std::string mode_of(served_deployment const& one)
{
    auto const* const known = one.facts(one.upstream);
    return known != nullptr && !known->mode.empty() ? known->mode : "chat";
}

// Providers repeat in errors what they were sent.
void hide(std::string& text, std::string_view secret_text)
{
    constexpr std::size_t shortest = 8; // below it, a region or a version
    if (secret_text.size() < shortest) {
        return;
    }
    for (std::size_t at = text.find(secret_text); at != std::string::npos; at = text.find(secret_text, at)) {
        text.replace(at, secret_text.size(), "***");
    }
}

std::string describe(failure const& why, served_deployment const& asked)
{
    std::string text = why->message;
    for (auto const& [name, value] : asked.credential->fields()) {
        std::string_view const key = value;
        hide(text, key.substr(key.rfind(' ') + 1)); // without its scheme
    }
    for (std::string_view const name :
         {"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_bearer_token",
          "azure_ad_token", "client_secret", "vertex_credentials"}) {
        hide(text, asked.settings.get(name));
    }
    if (text.size() > longest_error) {
        text.resize(longest_error);
        text += "...";
    }
    std::string out(why.type());
    out += " (" + std::to_string(why->status) + (why->code.empty() ? "" : ", " + why->code) + "): ";
    return out + text;
}

call_options options_of_a_check()
{
    call_options out;
    out.timeout = patience;
    out.tags = {"health-check"};
    out.routing = routing_options{.disable_fallbacks = true, .num_retries = 0, .race = 1, .hedge = false};
    return out;
}

asio::awaitable<result<void>> ask_chat(kernel& owner, std::string model)
{
    auto const request = std::make_shared<chat_request>();
    request->model = std::move(model);
    request->messages.push_back(user("hi"));
    request->max_tokens = 1;
    asio::awaitable<result<chat_response>> asking = guarded(complete(owner, request, options_of_a_check()));
    result<chat_response> const answer = co_await std::move(asking);
    if (!answer) {
        co_return answer.error();
    }
    co_return result<void>{};
}

asio::awaitable<result<void>> ask_embedding(kernel& owner, std::string model)
{
    auto const request = std::make_shared<embedding_request>();
    request->model = std::move(model);
    request->input = std::vector<std::string>{"hi"};
    asio::awaitable<result<embedding_response>> asking = guarded(embed(owner, request, options_of_a_check()));
    result<embedding_response> const answer = co_await std::move(asking);
    if (!answer) {
        co_return answer.error();
    }
    co_return result<void>{};
}

asio::awaitable<void> ask_one(round& of, served_deployment const& target, deployment_health& found)
{
    if (policy::is_pattern(target.upstream)) {
        found.why = "not asked: the pattern names no model";
        co_return;
    }
    std::string const mode = mode_of(target);
    bool const embeds = mode == "embedding";
    if (!embeds && mode != "chat" && mode != "completion" && mode != "responses") {
        found.why = "not asked: mode " + mode;
        co_return;
    }
    transports::steady_time const began = of.timers.now();
    asio::awaitable<result<void>> asking =
        embeds ? ask_embedding(of.owner, target.id) : ask_chat(of.owner, target.id);
    result<void> const answer = co_await std::move(asking);
    found.took = of.timers.now() - began;
    found.found = answer ? deployment_health::state::healthy : deployment_health::state::unhealthy;
    if (!answer) {
        found.why = describe(answer.error(), target);
    }
}

asio::awaitable<void> ask_some(std::shared_ptr<round> of)
{
    while (of->next != of->targets.size()) {
        std::size_t const mine = of->next++;
        asio::awaitable<void> asking = ask_one(*of, *of->targets[mine], of->found[mine]);
        co_await std::move(asking);
    }
}

void choose_targets(round& of, std::string const& only)
{
    for (served_deployment const& each : of.served->deployments()) {
        bool const wanted = only.empty() || each.model_name == only;
        if (!wanted || !of.served->find(each.id)) { // what is blocked has no name
            continue;
        }
        deployment_health about;
        about.deployment_id = each.id;
        about.model_name = each.model_name;
        about.model = std::string(each.provider->name) + '/' + each.upstream;
        about.api_base =
            each.endpoint.url.scheme + "://" + each.endpoint.url.host_header() + each.endpoint.url.path;
        of.found.push_back(std::move(about));
        of.targets.push_back(&each);
    }
}

} // namespace

asio::awaitable<health_report> check_health(kernel& owner, std::string only)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    auto const all = std::make_shared<round>(owner, transports::timers_of(executor));
    all->served = owner.current_routes();
    choose_targets(*all, only);
    for (std::size_t i = 0; i != std::min(at_once, all->targets.size()); ++i) {
        ++all->running;
        asio::co_spawn(executor, ask_some(all), [all](std::exception_ptr) {
            --all->running;
            all->done.notify();
        });
    }
    bool there = true;
    while (all->running != 0 && there) {
        auto const [woken] =
            co_await all->done.wait_until(transports::steady_time::max(), asio::as_tuple(asio::deferred));
        there = !woken;
    }
    health_report out;
    out.at = std::chrono::system_clock::now();
    out.deployments = all->found;
    co_return out;
}

health_monitor::health_monitor(kernel& owner) : kernel_(owner)
{
    asio::co_spawn(context_, run(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
}

health_monitor::~health_monitor()
{
    context_.stop();
    thread_.join();
}

std::shared_ptr<health_report const> health_monitor::latest() const
{
    std::lock_guard const lock(mutex_);
    return latest_;
}

void health_monitor::publish(std::shared_ptr<health_report const> report)
{
    std::lock_guard const lock(mutex_);
    latest_ = std::move(report);
}

asio::awaitable<void> health_monitor::run()
{
    constexpr std::chrono::milliseconds longest_nap{1'000}; // until a reload is noticed
    transports::timers& timers = transports::timers::of(context_);
    transports::steady_time due = timers.now();
    for (;;) {
        std::chrono::milliseconds const interval = kernel_.current_routes()->router().health_check_interval;
        if (interval.count() <= 0) {
            publish(nullptr);
            due = timers.now();
        } else if (timers.now() >= due) {
            due = timers.now() + interval;
            asio::awaitable<health_report> asking = check_health(kernel_, std::string{});
            health_report report = co_await std::move(asking);
            publish(std::make_shared<health_report const>(std::move(report)));
        }
        asio::awaitable<boost::system::error_code> nap = timers.sleep_until(timers.now() + longest_nap);
        boost::system::error_code const woken = co_await std::move(nap);
        if (woken) {
            co_return;
        }
    }
}

} // namespace cogate::engine

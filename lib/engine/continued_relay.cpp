#include "lib/engine/continued_relay.hpp"

#include "lib/core/ids.hpp"
#include "lib/engine/said_text.hpp"
#include "lib/policy/continuation.hpp"

#include <cogate/payer.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace cogate::engine {
namespace {

/// Attempts of the second call have numbers of their own: (call id, attempt) is what the ledger goes by.
class later_attempts final : public payer {
public:
    explicit later_attempts(std::shared_ptr<payer> whose) : whose_(std::move(whose)) {}

    result<void> take(attempt_offer const& offer) override
    {
        attempt_offer moved = offer;
        moved.attempt += first_number;
        return whose_->take(moved);
    }

    void pay(attempt_bill const& bill) noexcept override
    {
        attempt_bill moved = bill;
        moved.attempt += first_number;
        whose_->pay(moved);
    }

private:
    static constexpr std::uint32_t first_number = policy::call_machine::max_attempts;

    std::shared_ptr<payer> whose_;
};

bool takes_prefill(served_deployment const& served, std::string_view upstream_model) noexcept
{
    model_facts const* const facts = served.facts(upstream_model);
    return facts != nullptr && facts->can(capability::assistant_prefill);
}

} // namespace

struct continued_relay::rest {
    std::shared_ptr<routes const> served;
    said_text said;
    int continuations = 0;
    std::string body; ///< of the second request
    std::string mark;
    std::unique_ptr<relay_task> task;
    std::unique_ptr<relay_call> call;
};

continued_relay::continued_relay(kernel& owner, asio::any_io_executor executor, std::string_view operation,
                                 inbound_chat const& inbound, relay_task& task, std::string_view model,
                                 call_options const& options)
    : kernel_(owner),
      executor_(std::move(executor)),
      operation_(operation),
      inbound_(inbound),
      task_(task),
      model_(model),
      options_(options),
      first_(owner, executor_, operation, task, model, options)
{
    if (options.timeout) {
        deadline_ = now() + *options.timeout;
    }
}

continued_relay::~continued_relay() = default;

void continued_relay::cancel() noexcept
{
    cancelled_ = true;
    first_.cancel();
    if (rest_ && rest_->call) {
        rest_->call->cancel();
    }
}

void continued_relay::listen()
{
    listens_ = true;
    if (task_.operation() != providers::operation::chat || inbound_.dialect.name() != "openai_chat") {
        return;
    }
    std::shared_ptr<routes const> served = kernel_.current_routes();
    // Of several choices only one may have spoken; the beginnings of the others would be lost.
    if (served->router().continue_after_stall && task_.terms().choices == 1) {
        rest_ = std::make_unique<rest>();
        rest_->served = std::move(served);
    }
}

asio::awaitable<result<std::string_view>> continued_relay::next()
{
    if (!listens_) {
        listen();
    }
    bool const continued = rest_ && rest_->call;
    relay_call& speaker = continued ? *rest_->call : first_;
    result<std::string_view> const events = co_await speaker.next();
    if (events) {
        if (rest_ && !continued) {
            rest_->said.add(*events);
        }
        co_return events;
    }
    failure const why = events.error();
    if (!may_continue(why)) {
        co_return why;
    }
    bool const goes_on = co_await go_on();
    if (!goes_on) {
        co_return why;
    }
    co_return std::string_view(rest_->mark);
}

bool continued_relay::may_continue(failure const& why) const
{
    return rest_ && !cancelled_ &&
           policy::may_continue({.code = why->code,
                                 .error = why->kind,
                                 .wanted = true,
                                 .plain_text = rest_->said.is_plain(),
                                 .repeatable = task_.repeatable(),
                                 .continuations = rest_->continuations,
                                 .now = now(),
                                 .deadline = deadline_});
}

served_deployment const* continued_relay::successor() const
{
    routes const& served = *rest_->served;
    result<routes::way> const way = served.find(model_);
    if (!way || way->pinned) {
        return nullptr;
    }
    policy::group& lanes = *way->plan->first;
    std::vector<policy::deployment_index> left_out;
    for (policy::member const& each : lanes.members()) {
        served_deployment const& one = served.deployment(each.deployment);
        if (one.id == first_.record().deployment().id ||
            !takes_prefill(one, served.upstream_model(*way, lanes, one))) {
            left_out.push_back(each.deployment);
        }
    }
    auto const tokens = static_cast<std::uint32_t>((inbound_.body.size() + rest_->said.text().size()) / 4);
    policy::request_traits const traits{.prompt_tokens = tokens, .tags = options_.tags, .stream = true};
    policy::pick const found = lanes.choose(traits, left_out, false, now(), core::random_bits());
    if (found.what != policy::pick::kind::found || !lanes.budget().withdraw(now())) {
        return nullptr;
    }
    return &served.deployment(found.deployment);
}

call_options continued_relay::options_of_the_rest() const
{
    call_options out = options_;
    out.call_id = first_.record().facts().call_id;
    out.routing.reset();
    if (out.timeout) {
        out.timeout = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - now());
    }
    if (out.payer) {
        out.payer = std::make_shared<later_attempts>(std::move(out.payer));
    }
    return out;
}

asio::awaitable<bool> continued_relay::go_on()
{
    rest& the_rest = *rest_;
    ++the_rest.continuations;
    std::optional<std::string> body = with_prefill(inbound_.body, the_rest.said.text());
    served_deployment const* const next = body ? successor() : nullptr;
    if (next == nullptr) {
        co_return false;
    }
    the_rest.body = std::move(*body);
    inbound_chat const again{.dialect = inbound_.dialect,
                             .target = inbound_.target,
                             .body = the_rest.body,
                             .headers = inbound_.headers};
    result<std::unique_ptr<relay_task>> task = read_chat(again);
    if (!task) {
        co_return false;
    }
    the_rest.task = std::move(*task);
    call_options const options = options_of_the_rest();
    the_rest.call =
        std::make_unique<relay_call>(kernel_, executor_, operation_, *the_rest.task, model_, options, next);
    result<void> const started = co_await the_rest.call->start();
    if (!started) {
        co_return false;
    }
    the_rest.mark = ": cogate-continued deployment=" + next->id + "\n\n";
    co_return true;
}

} // namespace cogate::engine

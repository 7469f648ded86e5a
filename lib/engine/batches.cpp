#include "lib/engine/coded.hpp"
#include "lib/engine/operations.hpp"
#include "lib/engine/rerank_batches.hpp"
#include "lib/engine/usage_sum.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace asio = boost::asio;

namespace cogate::engine {

namespace {

using providers::client_dialect;

std::size_t input_count(embedding_request const& request)
{
    return std::visit([](auto const& list) { return list.size(); }, request.input);
}

/// How many inputs the deployment takes at once; no limit where the call itself will say what is wrong.
template <class Request, class Response>
std::size_t batch_size(kernel const& owner, Request const& request, codec_of<Request, Response> pick)
{
    std::shared_ptr<routes const> const served = owner.current_routes();
    result<routes::target> const found = served->example(request.model);
    if (found) {
        client_dialect const* const dialect = find_dialect<Request, Response>(*found->deployment, pick);
        if (dialect != nullptr) {
            providers::call_context const context = found->deployment->context(found->upstream_model, false);
            return std::max<std::size_t>(1, (dialect->*pick)()->max_inputs(context));
        }
    }
    return std::numeric_limits<std::size_t>::max();
}

/// What is left of the caller's time for all batches together.
class shared_time {
public:
    shared_time(asio::any_io_executor const& executor, call_options const& options)
        : clock_(transports::timers_of(executor)), started_(clock_.now()), allowed_(options.timeout)
    {}

    void apply(call_options& to) const
    {
        if (allowed_) {
            auto const spent = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - started_);
            to.timeout = std::max(std::chrono::milliseconds{0}, *allowed_ - spent);
        }
    }

private:
    transports::timers& clock_;
    transports::steady_time started_;
    std::optional<std::chrono::milliseconds> allowed_;
};

embedding_request slice(embedding_request const& whole, std::size_t from, std::size_t count)
{
    embedding_request out{.model = whole.model,
                          .input = {},
                          .dimensions = whole.dimensions,
                          .encoding_format = whole.encoding_format,
                          .user = whole.user,
                          .extra = whole.extra};
    std::visit(
        [&](auto const& list) {
            auto const begin = list.begin() + static_cast<std::ptrdiff_t>(from);
            auto const end = begin + static_cast<std::ptrdiff_t>(std::min(count, list.size() - from));
            out.input = std::remove_cvref_t<decltype(list)>(begin, end);
        },
        whole.input);
    return out;
}

/// Puts a batch that began at `from` behind what is there.
result<void> append(embedding_response& all, embedding_response&& batch, std::size_t from, std::size_t count)
{
    if (batch.data.size() != count) {
        return failure{error_kind::bad_gateway,
                       "The provider gave another number of embeddings than it got inputs."}
            .with_code("upstream_invalid_response");
    }
    if (from == 0) {
        all = std::move(batch);
        return {};
    }
    for (embedding& one : batch.data) {
        one.index += static_cast<std::int64_t>(from);
        all.data.push_back(std::move(one));
    }
    add_usage(all.usage, batch.usage);
    return {};
}

asio::awaitable<result<embedding_response>> embed_batches(kernel& owner, embedding_request const& request,
                                                          call_options& options, std::size_t size,
                                                          call_report* told)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    shared_time const time{executor, options};
    std::size_t const count = input_count(request);
    embedding_response all;
    for (std::size_t from = 0; from < count; from += size) {
        time.apply(options);
        embedding_request const batch = slice(request, from, size);
        asio::awaitable<result<embedding_response>> work = ask<embedding_request, embedding_response>(
            owner, batch, options, "embedding", &client_dialect::embeddings, told);
        result<embedding_response> answer = co_await std::move(work);
        if (!answer) {
            co_return answer;
        }
        result<void> const added = append(all, std::move(*answer), from, input_count(batch));
        if (!added) {
            co_return added.error();
        }
    }
    co_return all;
}

asio::awaitable<result<rerank_response>> rerank_in_batches(kernel& owner, rerank_request const& request,
                                                           call_options& options, std::size_t size,
                                                           call_report* told)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    shared_time const time{executor, options};
    rerank_merger all;
    for (std::size_t from = 0; from < request.documents.size(); from += size) {
        time.apply(options);
        rerank_request const batch = rerank_batch(request, from, size);
        asio::awaitable<result<rerank_response>> work = ask<rerank_request, rerank_response>(
            owner, batch, options, "rerank", &client_dialect::rerank, told);
        result<rerank_response> answer = co_await std::move(work);
        if (!answer) {
            co_return answer;
        }
        all.add(std::move(*answer), from);
    }
    co_return std::move(all).finish(request);
}

} // namespace

asio::awaitable<result<rerank_response>> rerank(kernel& owner, std::shared_ptr<rerank_request const> request,
                                                call_options options, call_report* told)
{
    std::size_t const size =
        batch_size<rerank_request, rerank_response>(owner, *request, &client_dialect::rerank);
    if (request->documents.size() > size) {
        asio::awaitable<result<rerank_response>> batches =
            rerank_in_batches(owner, *request, options, size, told);
        co_return co_await std::move(batches);
    }
    asio::awaitable<result<rerank_response>> work = ask<rerank_request, rerank_response>(
        owner, *request, options, "rerank", &client_dialect::rerank, told);
    co_return co_await std::move(work);
}

asio::awaitable<result<embedding_response>> embed(kernel& owner,
                                                  std::shared_ptr<embedding_request const> request,
                                                  call_options options, call_report* told)
{
    std::size_t const size =
        batch_size<embedding_request, embedding_response>(owner, *request, &client_dialect::embeddings);
    if (input_count(*request) > size) {
        asio::awaitable<result<embedding_response>> batches =
            embed_batches(owner, *request, options, size, told);
        co_return co_await std::move(batches);
    }
    asio::awaitable<result<embedding_response>> work = ask<embedding_request, embedding_response>(
        owner, *request, options, "embedding", &client_dialect::embeddings, told);
    co_return co_await std::move(work);
}

} // namespace cogate::engine

#include "lib/engine/coded.hpp"
#include "lib/engine/operations.hpp"

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
std::size_t batch_size(kernel const& owner, embedding_request const& request)
{
    result<kernel::target> const found = owner.find(request.model);
    if (found) {
        auto const pick = &client_dialect::embeddings;
        client_dialect const* const dialect =
            find_dialect<embedding_request, embedding_response>(*found->deployment, pick);
        if (dialect != nullptr) {
            providers::call_context const context = found->deployment->context(found->upstream_model, false);
            return std::max<std::size_t>(1, dialect->embeddings()->max_inputs(context));
        }
    }
    return std::numeric_limits<std::size_t>::max();
}

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

void add(usage& sum, usage const& more)
{
    for (auto const count :
         {&usage::prompt_tokens, &usage::completion_tokens, &usage::total_tokens, &usage::cached_tokens,
          &usage::cache_write_tokens, &usage::cache_write_1h_tokens, &usage::prompt_audio_tokens,
          &usage::prompt_image_tokens, &usage::reasoning_tokens, &usage::completion_audio_tokens,
          &usage::completion_image_tokens, &usage::accepted_prediction_tokens,
          &usage::rejected_prediction_tokens}) {
        sum.*count += more.*count;
    }
    sum.reported = sum.reported || more.reported;
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
    add(all.usage, batch.usage);
    return {};
}

asio::awaitable<result<embedding_response>> embed_batches(kernel& owner, embedding_request const& request,
                                                          call_options& options, std::size_t size)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    transports::timers& clock = transports::timers_of(executor);
    transports::steady_time const started = clock.now();
    std::optional<std::chrono::milliseconds> const allowed = options.timeout;
    std::size_t const count = input_count(request);
    embedding_response all;
    for (std::size_t from = 0; from < count; from += size) {
        if (allowed) {
            auto const spent = std::chrono::duration_cast<std::chrono::milliseconds>(clock.now() - started);
            options.timeout = std::max(std::chrono::milliseconds{0}, *allowed - spent);
        }
        embedding_request const batch = slice(request, from, size);
        asio::awaitable<result<embedding_response>> work = ask<embedding_request, embedding_response>(
            owner, batch, options, "embedding", &client_dialect::embeddings);
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

} // namespace

asio::awaitable<result<embedding_response>>
embed(kernel& owner, std::shared_ptr<embedding_request const> request, call_options options)
{
    std::size_t const size = batch_size(owner, *request);
    if (input_count(*request) > size) {
        asio::awaitable<result<embedding_response>> batches = embed_batches(owner, *request, options, size);
        co_return co_await std::move(batches);
    }
    asio::awaitable<result<embedding_response>> work = ask<embedding_request, embedding_response>(
        owner, *request, options, "embedding", &client_dialect::embeddings);
    co_return co_await std::move(work);
}

} // namespace cogate::engine

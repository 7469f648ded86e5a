#include "lib/server/passed_call.hpp"

#include "lib/engine/answer_stream.hpp"
#include "lib/engine/request_terms.hpp"
#include "lib/server/reply.hpp"
#include "lib/wire/header.hpp"
#include "providers/registry.hpp"

#include <cogate/tokens.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace cogate::server {
namespace {

constexpr std::array<std::string_view, 8> forwarded = {
    "anthropic-version", "anthropic-beta",  "openai-beta",         "openai-organization",
    "openai-project",    "idempotency-key", "x-goog-user-project", "x-amz-target"};

std::vector<std::pair<std::string, std::string>> headers_of(transports::inbound_request const& request)
{
    std::vector<std::pair<std::string, std::string>> out;
    for (std::string_view const name : forwarded) {
        if (auto const value = wire::find_header(request.headers(), name)) {
            out.emplace_back(std::string(name), std::string(*value));
        }
    }
    return out;
}

// The client's key for us must not travel on.
std::string without_key(std::string_view query)
{
    std::string out;
    while (!query.empty()) {
        std::string_view const pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (!pair.starts_with("key=") && !pair.empty()) {
            out += out.empty() ? '?' : '&';
            out += pair;
        }
    }
    return out;
}

std::string all_said(chat_response const& answer)
{
    std::string out;
    for (chat_choice const& choice : answer.choices) {
        out += choice.message.text();
        out += choice.message.reasoning();
        for (tool_call const& call : choice.message.tool_calls) {
            out += call.arguments;
        }
    }
    return out;
}

// A larger text is not counted while others wait for the loop.
constexpr std::size_t most_counted = 64 * 1024;

} // namespace

passed_answer::passed_answer(parts const& request, providers::native_call const* what,
                             providers::call_context const& context)
    : what_(what), context_(context)
{
    request_ = request;
}

std::optional<std::int64_t> passed_answer::count_prompt() const
{
    std::string_view const body = request_.body.front();
    if (what_ == nullptr || what_->what != providers::operation::chat || body.size() > most_counted) {
        return {};
    }
    providers::server_dialect const* const same =
        providers::find_server_dialect(what_->dialect->express_with());
    if (same == nullptr) {
        return {};
    }
    result<providers::parsed_chat> const asked =
        same->parse_chat(body, {.model = what_->model, .stream = what_->stream});
    return asked ? std::optional(static_cast<std::int64_t>(token_counter(what_->model, asked->request)))
                 : std::nullopt;
}

bool passed_answer::streams(transports::response_head const& head) const noexcept
{
    std::string_view const type =
        wire::find_header(head.headers, "content-type").value_or(std::string_view{});
    return what_ != nullptr && what_->stream && head.status / 100 == 2 && what_->dialect->streams_as(type);
}

result<usage> passed_answer::whole_answer(transports::response_head const& head, std::string_view body)
{
    if (head.status / 100 != 2) {
        return what_->dialect->decode_error(head.status, head.headers, body,
                                            std::chrono::system_clock::now());
    }
    switch (what_->what) {
    case providers::operation::embedding: {
        providers::server_dialect const* const same =
            providers::find_server_dialect(what_->dialect->express_with());
        result<providers::relay_facts> seen = same->embeddings()->express()->inspect(body);
        if (!seen) {
            return seen.error();
        }
        if (seen->error) {
            return *seen->error;
        }
        used_ = std::move(seen->usage);
        return used_;
    }
    case providers::operation::count_tokens: return used_;
    default: break;
    }
    result<chat_response> answer =
        what_->dialect->decode_chat({.body = body, .headers = head.headers}, context_);
    if (!answer) {
        return answer.error();
    }
    used_ = std::move(answer->usage);
    if (!used_.reported) {
        std::string const said = all_said(*answer).substr(0, most_counted);
        content_pieces_ = static_cast<std::int64_t>(count_tokens(encoding_for(what_->model), said));
    }
    return used_;
}

void passed_answer::hear(std::string_view bytes)
{
    if (broken_) {
        return;
    }
    if (!decoder_) {
        decoder_ = what_->dialect->decode_chat_stream(context_);
    }
    std::vector<chat_chunk> chunks;
    result<std::size_t> const fed = decoder_->feed(bytes, chunks);
    take(chunks);
    if (!fed) {
        broken_ = fed.error();
    }
}

result<usage> passed_answer::over()
{
    if (!broken_) {
        std::vector<chat_chunk> chunks;
        if (!decoder_) {
            decoder_ = what_->dialect->decode_chat_stream(context_);
        }
        result<void> const whole = decoder_->finish(chunks);
        take(chunks);
        if (!whole) {
            broken_ = whole.error();
        }
    }
    if (broken_) {
        return *broken_;
    }
    return used_;
}

void passed_answer::take(std::vector<chat_chunk>& chunks)
{
    for (chat_chunk& chunk : chunks) {
        content_pieces_ += engine::says_something(chunk) ? 1 : 0;
        if (chunk.usage) {
            used_ = std::move(*chunk.usage);
        }
    }
}

passed_call::passed_call(transports::inbound_request const& request, std::string_view rest,
                         std::string_view body, providers::native_call const* what)
    : request_(request), what_(what), headers_(headers_of(request)), body_(body)
{
    path_ = '/';
    path_ += rest;
    std::size_t const question = request.target().find('?');
    if (question != std::string_view::npos) {
        path_ += without_key(request.target().substr(question + 1));
    }
}

result<std::unique_ptr<engine::dispatch>> passed_call::prepare(engine::served_deployment const& deployment,
                                                               std::string_view upstream_model)
{
    bool const stream = what_ != nullptr && what_->stream;
    return std::unique_ptr<engine::dispatch>(std::make_unique<passed_answer>(
        engine::dispatch::parts{.path = path_,
                                .body = {&body_, 1},
                                .headers = headers_,
                                .method = request_.method(),
                                .content_type =
                                    wire::find_header(request_.headers(), "content-type").value_or(json_type),
                                .accept = wire::find_header(request_.headers(), "accept").value_or("*/*"),
                                .dialect = what_ != nullptr ? what_->dialect : deployment.dialects.front(),
                                .raw = true},
        what_, deployment.context(upstream_model, stream)));
}

engine::planned_cost passed_call::planned() const
{
    engine::planned_cost out;
    engine::request_terms const terms = engine::read_request_terms(body_);
    bool const nested = what_ != nullptr && what_->limit_is_nested;
    out.tokens.max_output_tokens = nested ? what_->max_output_tokens : terms.max_output_tokens;
    out.tokens.choices = terms.choices;
    return out;
}

} // namespace cogate::server

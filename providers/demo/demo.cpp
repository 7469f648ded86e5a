#include "providers/demo/demo.hpp"

#include "providers/demo/common.hpp"
#include "providers/demo/model_name.hpp"
#include "providers/demo/schema_sample.hpp"
#include "providers/openai_chat/dialect.hpp"

#include "lib/core/hash.hpp"

#include <array>
#include <cstdint>

namespace cogate::providers::demo {

namespace {

using act = model_name::act;

constexpr std::int64_t created = 1'767'225'600; // 2026-01-01: the same on every run

/// Pieces that join to the text: white space, then one word.
std::vector<std::string_view> words_of(std::string_view text)
{
    std::vector<std::string_view> out;
    while (!text.empty()) {
        std::size_t end = 0;
        while (end < text.size() && is_space(text[end])) {
            ++end;
        }
        while (end < text.size() && !is_space(text[end])) {
            ++end;
        }
        out.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return out;
}

std::string hex(std::uint64_t value)
{
    std::string out(16, '0');
    for (std::size_t i = 0; i != out.size(); ++i) {
        out[out.size() - 1 - i] = "0123456789abcdef"[(value >> (4 * i)) & 15];
    }
    return out;
}

std::string text_of_tokens(std::int64_t n)
{
    static constexpr std::array<std::string_view, 8> vocabulary = {"one",  "two", "three", "four",
                                                                   "five", "six", "seven", "eight"};
    std::string out;
    for (std::int64_t i = 0; i != n; ++i) {
        if (i != 0) {
            out += ' ';
        }
        out += vocabulary[static_cast<std::size_t>(i) % vocabulary.size()];
    }
    return out;
}

std::string last_user_text(chat_request const& request)
{
    for (auto m = request.messages.rbegin(); m != request.messages.rend(); ++m) {
        if (m->role == role::user) {
            return m->text();
        }
    }
    return {};
}

tool const* chosen_tool(chat_request const& request)
{
    if (request.tool_choice && request.tool_choice->how == tool_choice::mode::none) {
        return nullptr;
    }
    const bool named = request.tool_choice && request.tool_choice->how == tool_choice::mode::function;
    for (tool const& t : request.tools) {
        if (t.type == "function" && (!named || t.name == request.tool_choice->name)) {
            return &t;
        }
    }
    return nullptr;
}

message speak(model_name const& name, chat_request const& request, std::uint64_t hash)
{
    if (name.what == act::tokens) {
        return assistant(text_of_tokens(name.words));
    }
    if (name.what != act::tool) {
        return assistant(last_user_text(request));
    }
    if (!request.messages.empty() && request.messages.back().role == role::tool) {
        return assistant("The tool said: " + request.messages.back().text());
    }
    tool const* const offered = chosen_tool(request);
    if (offered == nullptr) {
        return assistant("There is no tool to call.");
    }
    message m{.role = role::assistant, .content = {}};
    m.tool_calls.push_back(tool_call{.id = "call_" + hex(core::mix64(hash)),
                                     .name = offered->name,
                                     .arguments = sample_of(offered->parameters.text)});
    return m;
}

chat_response whole_answer(model_name const& name, chat_request const& request, std::uint64_t hash)
{
    chat_response out{
        .id = "chatcmpl-demo" + hex(hash), .created = created, .model = request.model, .choices = {}};
    chat_choice choice;
    choice.message = speak(name, request, hash);
    choice.finish_reason =
        choice.message.tool_calls.empty() ? finish_reason::stop : finish_reason::tool_calls;
    for (message const& m : request.messages) {
        out.usage.prompt_tokens += count_words(m.text());
    }
    out.usage.completion_tokens = count_words(choice.message.text());
    for (tool_call const& call : choice.message.tool_calls) {
        out.usage.completion_tokens += count_words(call.arguments);
    }
    out.usage.total_tokens = out.usage.prompt_tokens + out.usage.completion_tokens;
    out.usage.reported = true;
    out.choices.push_back(std::move(choice));
    return out;
}

chat_chunk chunk_of(chat_response const& whole, chat_delta delta)
{
    chat_chunk chunk{.id = whole.id, .created = whole.created, .model = whole.model, .choices = {}};
    chunk.choices.push_back(std::move(delta));
    return chunk;
}

/// When the n-th word is due, so that rounding does not add up.
std::chrono::milliseconds due(std::int64_t n, std::int64_t per_second) noexcept
{
    return std::chrono::milliseconds(n * 1000 / per_second);
}

class stream_script {
public:
    stream_script(chat_response const& whole, chat_request const& request, wire::scripted_reply& reply)
        : whole_(whole),
          writer_(openai_chat::server().write_chat_stream({request, request.model, {}})),
          reply_(reply)
    {}

    void add(chat_delta delta, std::chrono::milliseconds delay = {})
    {
        put(chunk_of(whole_, std::move(delta)), delay);
    }

    void end()
    {
        chat_delta last;
        last.finish_reason = whole_.choices.front().finish_reason;
        add(std::move(last));
        chat_chunk count{.id = whole_.id, .created = whole_.created, .model = whole_.model, .choices = {}};
        count.usage = whole_.usage;
        put(count, {});
        std::string mark;
        writer_->end(mark);
        reply_.body.push_back({.bytes = std::move(mark)});
    }

private:
    void put(chat_chunk const& chunk, std::chrono::milliseconds delay)
    {
        std::string bytes;
        writer_->write(chunk, bytes);
        if (!bytes.empty()) {
            reply_.body.push_back({.delay = delay, .bytes = std::move(bytes)});
        }
    }

    chat_response const& whole_;
    std::unique_ptr<chat_stream_writer> writer_;
    wire::scripted_reply& reply_;
};

void script_stream(model_name const& name, chat_request const& request, chat_response const& whole,
                   wire::scripted_reply& reply)
{
    reply.headers.emplace_back("content-type", "text/event-stream; charset=utf-8");
    stream_script script(whole, request, reply);
    message const& m = whole.choices.front().message;
    chat_delta first;
    first.has_role = true;
    first.has_content = m.tool_calls.empty();
    script.add(std::move(first));
    for (tool_call const& call : m.tool_calls) {
        chat_delta start;
        start.tool_calls.push_back(tool_call_delta{.id = call.id, .name = call.name, .type = call.type});
        script.add(std::move(start));
        chat_delta rest;
        rest.tool_calls.push_back(tool_call_delta{.arguments = call.arguments});
        script.add(std::move(rest));
    }
    const std::string text = m.text();
    const std::vector<std::string_view> words = words_of(text);
    const bool breaks = name.what == act::stall || name.what == act::cut;
    const std::size_t said = breaks ? words.size() / 2 : words.size();
    for (std::size_t i = 0; i != said; ++i) {
        const auto n = static_cast<std::int64_t>(i);
        const bool paced = name.what == act::tokens;
        chat_delta delta;
        delta.content = words[i];
        delta.has_content = true;
        script.add(std::move(delta), paced ? due(n + 1, name.words_per_second) - due(n, name.words_per_second)
                                           : std::chrono::milliseconds(0));
    }
    if (!breaks) {
        script.end();
    }
}

void script_whole(model_name const& name, chat_request const& request, chat_response const& whole,
                  wire::scripted_reply& reply)
{
    reply.headers.emplace_back("content-type", "application/json");
    std::string body;
    openai_chat::server().write_chat(whole, {request, request.model, {}}, body);
    if (name.what == act::tokens) {
        reply.head_delay = due(name.words, name.words_per_second);
    }
    if (name.what == act::stall || name.what == act::cut) {
        body.resize(body.size() / 2);
    }
    reply.body.push_back({.bytes = std::move(body)});
}

wire::scripted_reply chat(std::string_view body)
{
    result<parsed_chat> const parsed = openai_chat::server().parse_chat(body, {});
    if (!parsed) {
        return reply_of(parsed.error());
    }
    chat_request const* const request = &parsed->request;
    const std::optional<model_name> name = parse_model_name(request->model);
    if (!name) {
        return reply_of(unknown_model(request->model));
    }
    if (name->what == act::embedding) {
        return reply_of(wrong_endpoint(request->model));
    }
    if (name->what == act::error) {
        return reply_of(asked_error(name->status));
    }
    const std::uint64_t hash = core::hash64(body);
    const chat_response whole = whole_answer(*name, *request, hash);
    wire::scripted_reply reply;
    reply.headers.emplace_back("x-request-id", "req_demo" + hex(hash));
    if (parsed->stream) {
        script_stream(*name, *request, whole, reply);
    } else {
        script_whole(*name, *request, whole, reply);
    }
    if (name->what == act::stall) {
        reply.end = wire::scripted_reply::ending::stall;
    } else if (name->what == act::cut) {
        reply.end = wire::scripted_reply::ending::cut;
    }
    return reply;
}

} // namespace

wire::scripted_reply answer(std::string_view path, std::string_view body)
{
    if (path.ends_with("/chat/completions")) {
        return chat(body);
    }
    if (path.ends_with("/embeddings")) {
        return embeddings(body);
    }
    return reply_of(
        failure(error_kind::not_found, "the demo provider has chat completions and embeddings only"));
}

std::span<std::string_view const> model_names() noexcept
{
    static constexpr std::array<std::string_view, 7> names = {"echo", "tokens-100", "tool",     "error-429",
                                                              "cut",  "stall",      "embedding"};
    return names;
}

} // namespace cogate::providers::demo

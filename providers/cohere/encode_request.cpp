#include "providers/cohere/codec.hpp"

#include "providers/common/lacks.hpp"
#include "providers/common/parameters.hpp"
#include "providers/common/write_members.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::cohere {

namespace {

constexpr std::array<std::string_view, 14> supported = {"temperature",
                                                        "top_p",
                                                        "top_k",
                                                        "max_tokens",
                                                        "max_completion_tokens",
                                                        "stop",
                                                        "seed",
                                                        "logprobs",
                                                        "tools",
                                                        "tool_choice",
                                                        "presence_penalty",
                                                        "frequency_penalty",
                                                        "response_format",
                                                        "reasoning_effort"};

void write_clamped(raw_writer& to, std::string_view key, number_text const& given, double low, double high)
{
    if (given.empty()) {
        return;
    }
    const double value = given.value();
    if (value >= low && value <= high) {
        to.member(key, given);
    } else {
        to.member(key, number_text(std::clamp(value, low, high)));
    }
}

result<void> write_tools(raw_writer& to, chat_request const& r)
{
    json::writer& out = to.out();
    const bool one = r.tool_choice && r.tool_choice->how == tool_choice::mode::function;
    bool strict = false;
    bool any = false;
    for (std::size_t i = 0; i != r.tools.size(); ++i) {
        tool const& t = r.tools[i];
        if (t.type != "function") {
            return unsupported_content("a tool of type " + t.type, "tools[" + std::to_string(i) + "]");
        }
        if (one && t.name != r.tool_choice->name) {
            continue;
        }
        if (!any) {
            out.key("tools").begin_array();
        }
        any = true;
        strict = strict || t.strict == true;
        out.begin_object().member("type", "function").key("function").begin_object().member("name", t.name);
        if (!t.description.empty()) {
            out.member("description", t.description);
        }
        to.member("parameters", t.parameters);
        out.end_object().end_object();
    }
    if (any) {
        out.end_array();
    }
    if (one && !any) {
        return failure(error_kind::invalid_request, "'tool_choice' names a tool that is not among 'tools'")
            .with_code("invalid_value")
            .with_param("tool_choice");
    }
    if (strict && r.extra.find("strict_tools") == nullptr) {
        out.member("strict_tools", true);
    }
    return {};
}

result<void> write_tool_choice(json::writer& out, tool_choice const& choice, call_context const& context)
{
    switch (choice.how) {
    case tool_choice::mode::automatic: break;
    case tool_choice::mode::none: out.member("tool_choice", "NONE"); break;
    case tool_choice::mode::required:
    case tool_choice::mode::function: out.member("tool_choice", "REQUIRED"); break;
    case tool_choice::mode::other:
        if (std::optional<failure> why = lacks("tool_choice", context)) {
            return *std::move(why);
        }
        break;
    }
    return {};
}

result<void> write_format(raw_writer& to, chat_request const& r, call_context const& context)
{
    response_format const& format = *r.response_format;
    json::writer& out = to.out();
    if (format.type == response_format::kind::text) {
        return {};
    }
    // Cohere refuses JSON output beside tools and documents.
    const bool clash = !r.tools.empty() || r.extra.find("documents") != nullptr;
    if (clash || format.type == response_format::kind::other) {
        if (std::optional<failure> why = lacks("response_format", context)) {
            return *std::move(why);
        }
        return {};
    }
    out.key("response_format").begin_object().member("type", "json_object");
    if (format.type == response_format::kind::json_schema) {
        to.member("json_schema", format.schema);
    }
    out.end_object();
    return {};
}

/// Efforts become the budgets that LiteLLM gives them; the highest are without one.
std::optional<std::int64_t> budget_of(reasoning_options const& reasoning) noexcept
{
    struct row {
        std::string_view effort;
        std::int64_t budget;
    };
    static constexpr std::array<row, 4> rows = {row{"minimal", 128}, row{"low", 1024}, row{"medium", 2048},
                                                row{"high", 4096}};
    if (reasoning.budget_tokens) {
        return *reasoning.budget_tokens;
    }
    for (row const& r : rows) {
        if (r.effort == reasoning.effort) {
            return r.budget;
        }
    }
    return std::nullopt;
}

void write_thinking(json::writer& out, reasoning_options const& reasoning)
{
    if (reasoning.effort == "none" || reasoning.enabled == false || reasoning.budget_tokens == 0) {
        out.key("thinking").begin_object().member("type", "disabled").end_object();
    } else if (!reasoning.effort.empty() || reasoning.budget_tokens || reasoning.enabled) {
        out.key("thinking").begin_object().member("type", "enabled");
        if (const std::optional<std::int64_t> budget = budget_of(reasoning)) {
            out.member("token_budget", *budget);
        }
        out.end_object();
    }
}

void write_sampling(raw_writer& to, chat_request const& r)
{
    json::writer& out = to.out();
    write_clamped(to, "temperature", r.temperature, 0.0, 1.0);
    write_clamped(to, "p", r.top_p, 0.01, 0.99);
    if (r.top_k) {
        out.member("k", std::clamp<std::int64_t>(*r.top_k, 0, 500));
    }
    if (r.max_completion_tokens || r.max_tokens) {
        out.member("max_tokens", r.max_completion_tokens ? *r.max_completion_tokens : *r.max_tokens);
    }
    if_set(out, "stop_sequences", r.stop);
    if_set(out, "seed", r.seed);
    write_clamped(to, "presence_penalty", r.presence_penalty, 0.0, 1.0);
    write_clamped(to, "frequency_penalty", r.frequency_penalty, 0.0, 1.0);
    if_set(out, "logprobs", r.logprobs);
}

} // namespace

result<encoded_request> encode_chat(chat_request const& asked, call_context const& context)
{
    std::optional<chat_request> changed;
    const result<chat_request const*> fit = fit_parameters(asked, supported, dialect_name, context, changed);
    if (!fit) {
        return fit.error();
    }
    chat_request const& r = **fit;
    encoded_request request{.path = "/v2/chat", .body = {}};
    json::writer out(request.body);
    raw_writer to(out);
    out.begin_object().member("model", context.model);
    if (const result<void> wrote = write_messages(to, r.messages); !wrote) {
        return wrote.error();
    }
    if (const result<void> wrote = write_tools(to, r); !wrote) {
        return wrote.error();
    }
    if (r.tool_choice && !r.tools.empty()) {
        if (const result<void> wrote = write_tool_choice(out, *r.tool_choice, context); !wrote) {
            return wrote.error();
        }
    }
    write_sampling(to, r);
    if (r.response_format) {
        if (const result<void> wrote = write_format(to, r, context); !wrote) {
            return wrote.error();
        }
    }
    write_thinking(out, r.reasoning);
    out.member("stream", context.stream);
    return close_request(to, std::move(request), r.extra);
}

} // namespace cogate::providers::cohere

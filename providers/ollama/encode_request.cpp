#include "providers/ollama/codec.hpp"

#include "providers/common/lacks.hpp"
#include "providers/common/parameters.hpp"
#include "providers/common/write_members.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::ollama {

namespace {

constexpr std::array<std::string_view, 13> supported = {
    "temperature",           "top_p", "top_k",       "max_tokens",
    "max_completion_tokens", "stop",  "seed",        "presence_penalty",
    "frequency_penalty",     "tools", "tool_choice", "response_format",
    "reasoning_effort"};

// Members of /api/chat itself; every other extra one is an option of the model.
constexpr std::array<std::string_view, 7> own_members = {"keep_alive", "format",   "think",       "raw",
                                                         "template",   "logprobs", "top_logprobs"};

bool is_own(std::string_view name) noexcept
{
    return std::find(own_members.begin(), own_members.end(), name) != own_members.end();
}

result<void> write_tools(raw_writer& to, chat_request const& r, call_context const& context)
{
    if (r.tool_choice && r.tool_choice->how == tool_choice::mode::none) {
        return {};
    }
    if (r.tool_choice && r.tool_choice->how != tool_choice::mode::automatic) {
        if (std::optional<failure> why = lacks("tool_choice", context)) {
            return *std::move(why);
        }
    }
    json::writer& out = to.out();
    out.key("tools").begin_array();
    for (std::size_t i = 0; i != r.tools.size(); ++i) {
        tool const& t = r.tools[i];
        if (t.type != "function") {
            return unsupported_content("a tool of type " + t.type, "tools[" + std::to_string(i) + "]");
        }
        out.begin_object().member("type", "function").key("function").begin_object().member("name", t.name);
        if (!t.description.empty()) {
            out.member("description", t.description);
        }
        to.member("parameters", t.parameters);
        out.end_object().end_object();
    }
    out.end_array();
    return {};
}

result<void> write_format(raw_writer& to, response_format const& format, call_context const& context)
{
    switch (format.type) {
    case response_format::kind::text: break;
    case response_format::kind::json_object: to.out().member("format", "json"); break;
    case response_format::kind::json_schema:
        if (format.schema.empty()) {
            to.out().member("format", "json");
        } else {
            to.member("format", format.schema);
        }
        break;
    case response_format::kind::other:
        if (std::optional<failure> why = lacks("response_format", context)) {
            return *std::move(why);
        }
        break;
    }
    return {};
}

/// Ollama's word for the wish of a model that takes words.
std::string_view level_of(reasoning_options const& reasoning) noexcept
{
    std::string_view const effort = reasoning.effort;
    if (effort == "minimal" || effort == "low") {
        return "low";
    }
    if (effort == "medium") {
        return "medium";
    }
    if (effort == "high" || effort == "xhigh") {
        return "high";
    }
    if (effort == "max") {
        return "max";
    }
    if (reasoning.budget_tokens) {
        return *reasoning.budget_tokens < 2048 ? "low" : *reasoning.budget_tokens < 8192 ? "medium" : "high";
    }
    return {};
}

void write_think(json::writer& out, reasoning_options const& reasoning, std::string_view model)
{
    if (reasoning.effort == "none" || reasoning.enabled == false || reasoning.budget_tokens == 0) {
        out.member("think", false);
        return;
    }
    if (reasoning.effort.empty() && !reasoning.budget_tokens && !reasoning.enabled) {
        return;
    }
    std::string_view const level = level_of(reasoning);
    if (model.find("gpt-oss") != std::string_view::npos && !level.empty()) {
        out.member("think", level);
    } else {
        out.member("think", true);
    }
}

/// The caller's own `options`, opened; missing when there are none.
result<json::value> open_options(json::document& doc, extra_fields const& extra)
{
    raw_json const* given = extra.find("options");
    json::parse_error error;
    if (given == nullptr) {
        return json::value();
    }
    if (!doc.parse(given->text, error) || !doc.root().is_object()) {
        return failure(error_kind::invalid_request, "'options' must be a JSON object")
            .with_code("invalid_type")
            .with_param("options");
    }
    return doc.root();
}

/// What the caller put into `options` himself goes before what OpenAI's parameters say.
result<void> write_options(raw_writer& to, chat_request const& r)
{
    json::document doc;
    const result<json::value> given = open_options(doc, r.extra);
    if (!given) {
        return given.error();
    }
    std::string text;
    json::writer out(text);
    raw_writer inner(out);
    out.begin_object();
    const auto free = [&](std::string_view name) {
        return !given->contains(name) && r.extra.find(name) == nullptr;
    };
    const auto number = [&](std::string_view name, number_text const& value) {
        if (free(name)) {
            inner.member(name, value);
        }
    };
    const auto integer = [&](std::string_view name, std::optional<std::int64_t> const& value) {
        if (value && free(name)) {
            out.member(name, *value);
        }
    };
    integer("num_predict", r.max_completion_tokens ? r.max_completion_tokens : r.max_tokens);
    number("temperature", r.temperature);
    number("top_p", r.top_p);
    integer("top_k", r.top_k);
    integer("seed", r.seed);
    number("presence_penalty", r.presence_penalty);
    number("frequency_penalty", r.frequency_penalty);
    if (!r.stop.empty() && free("stop")) {
        write_texts(out, "stop", r.stop);
    }
    for (json::member m : given->members()) {
        out.raw_member(m.key, m.val.raw());
    }
    for (auto const& [name, value] : r.extra) {
        if (name != "options" && !is_own(name) && !given->contains(name)) {
            inner.member(name, value);
        }
    }
    out.end_object();
    if (!inner.good()) {
        return inner.error();
    }
    if (text != "{}" || given->exists()) {
        to.out().raw_member("options", text);
    }
    return {};
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
    encoded_request request{.path = "/api/chat", .body = {}};
    json::writer out(request.body);
    raw_writer to(out);
    out.begin_object().member("model", context.model);
    if (const result<void> wrote = write_messages(to, r.messages); !wrote) {
        return wrote.error();
    }
    if (!r.tools.empty()) {
        if (const result<void> wrote = write_tools(to, r, context); !wrote) {
            return wrote.error();
        }
    }
    if (r.response_format && r.extra.find("format") == nullptr) {
        if (const result<void> wrote = write_format(to, *r.response_format, context); !wrote) {
            return wrote.error();
        }
    }
    if (r.extra.find("think") == nullptr) {
        write_think(out, r.reasoning, context.model);
    }
    // Streaming is what Ollama does unless told otherwise.
    out.member("stream", context.stream);
    if (const result<void> wrote = write_options(to, r); !wrote) {
        return wrote.error();
    }
    for (auto const& [name, value] : r.extra) {
        if (is_own(name)) {
            to.member(name, value);
        }
    }
    out.end_object();
    if (!to.good()) {
        return to.error();
    }
    return request;
}

} // namespace cogate::providers::ollama

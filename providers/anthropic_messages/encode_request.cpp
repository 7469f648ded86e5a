#include "providers/anthropic_messages/codec.hpp"
#include "providers/anthropic_messages/messages.hpp"
#include "providers/anthropic_messages/model_family.hpp"
#include "providers/anthropic_messages/schema.hpp"
#include "providers/anthropic_messages/thinking.hpp"
#include "providers/anthropic_messages/tools.hpp"
#include "providers/common/lacks.hpp"
#include "providers/common/parameters.hpp"
#include "providers/common/write_members.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace cogate::providers::anthropic_messages {

namespace {

using names = std::string_view;

// Members of this API that callers of other dialects add to their requests, as LiteLLM's users do.
constexpr std::array<names, 9> native_fields = {"thinking",  "output_config", "context_management",
                                                "container", "mcp_servers",   "inference_geo",
                                                "speed",     "cache_control", "diagnostics"};
// Their other members are written by us.
constexpr std::array<names, 3> shared_objects = {"thinking", "output_config", "metadata"};

constexpr std::string_view json_instruction =
    "Answer with one JSON object and nothing else: no code fence, no text around it.";

bool forces_tool(chat_request const& r) noexcept
{
    return r.tool_choice && (r.tool_choice->how == tool_choice::mode::required ||
                             r.tool_choice->how == tool_choice::mode::function);
}

bool wants_schema(chat_request const& r) noexcept
{
    return r.response_format && r.response_format->type == response_format::kind::json_schema;
}

/// What of OpenAI's parameters this model takes in this request.
std::vector<names> supported(chat_request const& r, model_family const& family, thinking_plan const& plan,
                             bool own)
{
    std::vector<names> out = {"max_tokens",      "max_completion_tokens", "stop", "tools",
                              "tool_choice",     "parallel_tool_calls",   "user", "safety_identifier",
                              "response_format", "web_search_options"};
    const bool thinks = plan.thinks() && !own;
    const double temperature = r.temperature.value();
    const double top_p = r.top_p.value();
    if (temperature == 1.0 || (!family.fixed_sampling && !thinks)) {
        out.push_back("temperature");
    }
    if (family.fixed_sampling ? top_p >= 0.99 : !thinks || top_p >= 0.95) {
        out.push_back("top_p");
    }
    if (!family.fixed_sampling && !thinks) {
        out.push_back("top_k");
    }
    if (!wants_more_thinking(r, family)) {
        out.push_back("reasoning_effort");
    }
    if (r.service_tier == "auto" || r.service_tier == "default" || own) {
        out.push_back("service_tier");
    }
    return out;
}

/// Fields that are this API's own are the provider's to judge, whoever said them.
chat_request const& adopted(chat_request const& asked, std::optional<chat_request>& copy)
{
    const bool foreign = !asked.extra_dialect.empty() && asked.extra_dialect != dialect_name;
    const bool native =
        !asked.extra.empty() && std::all_of(asked.extra.begin(), asked.extra.end(), [](auto const& m) {
            return std::find(native_fields.begin(), native_fields.end(), m.first) != native_fields.end();
        });
    if (!foreign || !native) {
        return asked;
    }
    copy = asked;
    copy->extra_dialect.clear();
    return *copy;
}

/// Whitespace alone is refused as a stop text, though it is common with OpenAI's models.
result<void> check_stop(chat_request const& r, call_context const& context, std::vector<std::string>& out)
{
    for (std::string const& text : r.stop) {
        if (!core::trim(text).empty()) {
            out.push_back(text);
        } else if (!context.rules.drop_params) {
            return failure(error_kind::invalid_request, "'stop' holds white space alone, which Anthropic's "
                                                        "models refuse; set drop_params to leave "
                                                        "it out")
                .with_code("unsupported_parameter")
                .with_param("stop");
        }
    }
    return {};
}

/// Whether the object `name` among the fields has this member.
bool says(extra_fields const& fields, std::string_view name, std::string_view member)
{
    raw_json const* const found = fields.find(name);
    json::document doc;
    json::parse_error error;
    return found != nullptr && doc.parse(found->text, error) && doc.root().contains(member);
}

void write_thinking(raw_writer& to, chat_request const& r, thinking_plan const& plan)
{
    using kind = thinking_plan::kind;
    json::writer& out = to.out();
    if (says(r.extra, "thinking", "type")) {
        to.member("thinking", *r.extra.find("thinking"));
        return;
    }
    switch (plan.type) {
    case kind::absent: return;
    case kind::disabled: out.key("thinking").begin_object().member("type", "disabled"); break;
    case kind::adaptive: out.key("thinking").begin_object().member("type", "adaptive"); break;
    case kind::budget:
        out.key("thinking")
            .begin_object()
            .member("type", "enabled")
            .member("budget_tokens", plan.budget_tokens);
        break;
    }
    to.leftovers(r.extra, "thinking");
    out.end_object();
}

void write_schema(raw_writer& to, response_format const& format, bool own)
{
    json::writer& out = to.out();
    json::document doc;
    json::parse_error error;
    out.key("format").begin_object().member("type", "json_schema");
    if (own || !doc.parse(format.schema.text, error)) {
        to.member("schema", format.schema);
    } else {
        out.key("schema");
        write_strict_schema(out, doc.root());
    }
    out.end_object();
}

void write_output_config(raw_writer& to, chat_request const& r, thinking_plan const& plan, bool schema,
                         bool own)
{
    json::writer& out = to.out();
    if (plan.effort.empty() && !schema && r.extra.find("output_config") == nullptr) {
        return;
    }
    out.key("output_config").begin_object();
    if (!plan.effort.empty() && !says(r.extra, "output_config", "effort")) {
        out.member("effort", plan.effort);
    }
    if (schema && !says(r.extra, "output_config", "format")) {
        write_schema(to, *r.response_format, own);
    }
    to.leftovers(r.extra, "output_config");
    out.end_object();
}

void write_metadata(raw_writer& to, chat_request const& r)
{
    json::writer& out = to.out();
    std::string const& user = r.user.empty() ? r.safety_identifier : r.user;
    if (user.empty() && r.extra.find("metadata") == nullptr) {
        return;
    }
    out.key("metadata").begin_object();
    if (!user.empty()) {
        out.member("user_id", user);
    }
    to.leftovers(r.extra, "metadata");
    out.end_object();
}

} // namespace

result<std::string> encode_body(chat_request const& request, call_context const& context,
                                envelope const& dress)
{
    std::optional<chat_request> adopted_copy;
    chat_request const& asked = adopted(request, adopted_copy);
    const bool own = asked.extra_dialect == dialect_name;
    model_family const& family = family_of(context.model);
    const bool native_schema = family.structured_output && dress.structured_output;
    const auto plan_of = [&](chat_request const& r) {
        return plan_thinking(r, family, own, forces_tool(r) || (wants_schema(r) && !native_schema));
    };
    std::optional<chat_request> changed;
    const std::vector<names> takes = supported(asked, family, plan_of(asked), own);
    const result<chat_request const*> fitted = fit_parameters(asked, takes, dialect_name, context, changed);
    if (!fitted) {
        return fitted.error();
    }
    chat_request const& r = **fitted;
    if (r.response_format && r.response_format->type == response_format::kind::other) {
        return failure(error_kind::invalid_request, "Anthropic has no counterpart of this 'response_format'")
            .with_code("unsupported_parameter")
            .with_param("response_format");
    }
    const thinking_plan plan = plan_of(r);
    std::vector<std::string> stop;
    if (const result<void> good = check_stop(r, context, stop); !good) {
        return good.error();
    }
    const block_options blocks{.own = own, .extras = own || r.extra_dialect.empty()};

    std::string body;
    body.reserve(1024); // most requests fit
    json::writer out(body);
    raw_writer to(out);
    out.begin_object();
    if (!dress.anthropic_version.empty()) {
        out.member("anthropic_version", dress.anthropic_version);
    }
    if (dress.model_and_stream) {
        out.member("model", context.model);
    }
    out.member("max_tokens", plan.max_tokens);
    const bool object = r.response_format && r.response_format->type == response_format::kind::json_object;
    const result<void> messages =
        write_messages(to, r,
                       {.blocks = blocks,
                        .system_in_messages = family.system_in_messages,
                        .instruction = object ? json_instruction : std::string_view{}});
    if (!messages) {
        return messages.error();
    }
    const result<void> tools = write_tools(to, r,
                                           {.blocks = blocks,
                                            .json_answer = wants_schema(r) && !native_schema,
                                            .thinks = plan.thinks(),
                                            .strict = native_schema});
    if (!tools) {
        return tools.error();
    }
    if_set(out, "stop_sequences", stop);
    to.member("temperature", r.temperature);
    to.member("top_p", r.top_p);
    if_set(out, "top_k", r.top_k);
    write_thinking(to, r, plan);
    write_output_config(to, r, plan, wants_schema(r) && native_schema, own);
    write_metadata(to, r);
    if (!r.service_tier.empty()) {
        out.member("service_tier",
                   r.service_tier == "default" ? std::string("standard_only") : r.service_tier);
    }
    if (dress.model_and_stream && context.stream) {
        out.member("stream", true);
    }
    to.extra(r.extra, shared_objects);
    out.end_object();
    if (!to.good()) {
        return to.error();
    }
    if (const result<void> good = check_repeats(body, r.extra); !good) {
        return good.error();
    }
    return body;
}

result<encoded_request> encode_chat(chat_request const& request, call_context const& context)
{
    result<std::string> body = encode_body(request, context);
    if (!body) {
        return body.error();
    }
    encoded_request out{.path = "/messages", .body = *std::move(body)};
    out.headers.emplace_back("anthropic-version", std::string(api_version));
    return out;
}

} // namespace cogate::providers::anthropic_messages

#include "providers/bedrock_converse/codec.hpp"
#include "providers/bedrock_converse/messages.hpp"
#include "providers/bedrock_converse/thinking.hpp"
#include "providers/bedrock_converse/tools.hpp"
#include "providers/common/parameters.hpp"
#include "providers/common/write_members.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::bedrock_converse {

namespace {

/// Members of Converse's request that a caller may give by their own names.
constexpr std::array<std::string_view, 7> top_level = {"guardrailConfig",
                                                       "performanceConfig",
                                                       "requestMetadata",
                                                       "promptVariables",
                                                       "serviceTier",
                                                       "outputConfig",
                                                       "additionalModelResponseFieldPaths"};
constexpr std::string_view additional = "additionalModelRequestFields";

bool is_top_level(std::string_view name) noexcept
{
    return std::find(top_level.begin(), top_level.end(), name) != top_level.end();
}

std::vector<std::string_view> supported_by(model_facts const& model)
{
    std::vector<std::string_view> out = {"temperature",           "top_p",       "top_k", "max_tokens",
                                         "max_completion_tokens", "stop",        "tools", "tool_choice",
                                         "response_format",       "service_tier"};
    if (model.thinks) {
        out.push_back("reasoning_effort");
    }
    if (model.nova) {
        out.push_back("web_search_options");
    }
    return out;
}

void write_inference(raw_writer& to, chat_request const& r, std::optional<std::int64_t> max_tokens)
{
    json::writer& out = to.out();
    if (!max_tokens && r.temperature.empty() && r.top_p.empty() && r.stop.empty()) {
        return;
    }
    out.key("inferenceConfig").begin_object();
    if (max_tokens) {
        out.member("maxTokens", *max_tokens);
    }
    to.member("temperature", r.temperature);
    to.member("topP", r.top_p);
    if_set(out, "stopSequences", r.stop);
    out.end_object();
}

/// What is the model's own: our words for what the caller asked, then the caller's, which win.
result<extra_fields> additional_fields(chat_request const& r, model_facts const& model, thinking_wish&& wish)
{
    extra_fields out = std::move(wish.fields);
    if (r.top_k && model.nova) {
        out.set("inferenceConfig", raw_json{"{\"topK\":" + std::to_string(*r.top_k) + "}"});
    } else if (r.top_k) {
        out.set("top_k", raw_json{std::to_string(*r.top_k)});
    }
    for (auto const& [name, value] : r.extra) {
        if (!is_top_level(name) && name != additional) {
            out.set(name, value);
        }
    }
    if (raw_json const* own = r.extra.find(additional)) {
        json::document doc;
        json::parse_error error;
        if (!doc.parse(own->text, error) || !doc.root().is_object()) {
            return failure(error_kind::invalid_request, "'" + std::string(additional) + "' must be an object")
                .with_code("invalid_type")
                .with_param(std::string(additional));
        }
        for (json::member m : doc.root().members()) {
            out.set(std::string(m.key), raw_json{std::string(m.val.raw())});
        }
    }
    return out;
}

void write_service_tier(json::writer& out, chat_request const& r)
{
    if (r.service_tier.empty() || r.service_tier == "auto" || r.extra.find("serviceTier") != nullptr) {
        return;
    }
    out.key("serviceTier").begin_object().member("type", r.service_tier).end_object();
}

} // namespace

result<encoded_request> encode_chat(chat_request const& asked, call_context const& context)
{
    const model_facts model = facts_of(context.model);
    std::optional<chat_request> changed;
    const result<chat_request const*> fitted =
        fit_parameters(asked, supported_by(model), "bedrock_converse", context, changed);
    if (!fitted) {
        return fitted.error();
    }
    chat_request const& r = **fitted;
    const std::optional<std::int64_t> asked_tokens =
        r.max_completion_tokens ? r.max_completion_tokens : r.max_tokens;
    thinking_wish wish = wish_for(r.reasoning, model, asked_tokens);
    const std::optional<std::int64_t> max_tokens = wish.max_tokens ? wish.max_tokens : asked_tokens;
    const bool thinking = wish.on;
    const result<extra_fields> fields = additional_fields(r, model, std::move(wish));
    if (!fields) {
        return fields.error();
    }
    if (r.response_format && r.response_format->type == response_format::kind::other) {
        return failure(error_kind::invalid_request,
                       "Bedrock takes response_format json_schema, json_object or text")
            .with_code("invalid_value")
            .with_param("response_format");
    }

    encoded_request request{
        .path = model_path(context.model, context.stream ? "converse-stream" : "converse"), .body = {}};
    json::writer out(request.body);
    raw_writer to(out);
    const call_ids ids(r, model.nine_letter_ids);
    block_writer blocks{.to = to, .model = model, .ids = ids};
    out.begin_object();
    write_messages(blocks, r);
    write_system(blocks, r);
    write_inference(to, r, max_tokens);
    const answer_form form = form_of(r, model);
    write_tools(blocks, r, form, thinking);
    if (form == answer_form::output_config && r.extra.find("outputConfig") == nullptr) {
        write_output_config(blocks, *r.response_format);
    }
    write_service_tier(out, r);
    for (std::string_view const name : top_level) {
        if (raw_json const* value = r.extra.find(name)) {
            to.member(name, *value);
        }
    }
    if (!fields->empty()) {
        out.key(additional).begin_object();
        to.extra(*fields);
        out.end_object();
    }
    out.end_object();
    if (blocks.error) {
        return *blocks.error;
    }
    if (!to.good()) {
        return to.error();
    }
    return request;
}

} // namespace cogate::providers::bedrock_converse

#include "providers/gemini/generation_config.hpp"

#include "providers/common/lacks.hpp"
#include "providers/common/write_members.hpp"
#include "providers/gemini/members.hpp"
#include "providers/gemini/schema.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::gemini {

namespace {

using names = std::string_view;

/// Google's own compatible endpoint spreads the words so over 2.5's budgets.
std::int64_t budget_of(std::string_view effort, model_traits const& model) noexcept
{
    if (effort == "none") {
        return model.flash ? 0 : 128; // pro cannot be switched off
    }
    if (effort == "minimal" || effort == "low") {
        return 1024;
    }
    if (effort == "medium") {
        return 8192;
    }
    return effort == "high" || model.flash ? 24576 : 32768;
}

std::string_view level_of(std::string_view effort, model_traits const& model) noexcept
{
    if (effort == "none" || effort == "minimal") {
        return model.flash ? "minimal" : "low";
    }
    if (effort == "low") {
        return "low";
    }
    // gemini-3-pro knows low and high only.
    const bool two_levels = !model.flash && !model.at_least(3, 1);
    return effort == "medium" && !two_levels ? "medium" : "high";
}

void write_thinking(raw_writer& to, chat_request const& r, model_traits const& model,
                    extra_fields const& rest)
{
    reasoning_options const& wish = r.reasoning;
    const bool asked = !wish.empty() && model.thinks();
    if (!asked && rest.find("thinkingConfig") == nullptr) {
        return;
    }
    json::writer& out = to.out();
    out.key("thinkingConfig").begin_object();
    if (asked) {
        const bool off = wish.effort == "none" || wish.enabled == false || wish.budget_tokens == 0;
        const std::string_view effort = off ? std::string_view("none") : std::string_view(wish.effort);
        // Both together are refused.
        if (model.levels() && !effort.empty()) {
            out.member("thinkingLevel", level_of(effort, model));
        } else if (wish.budget_tokens) {
            out.member("thinkingBudget", *wish.budget_tokens);
        } else if (!effort.empty()) {
            out.member("thinkingBudget", budget_of(effort, model));
        } else if (wish.enabled == true && !model.levels()) {
            out.member("thinkingBudget", -1);
        }
        if (!off) {
            out.member("includeThoughts", true);
        }
    }
    to.leftovers(rest, "thinkingConfig");
    out.end_object();
}

result<void> write_format(raw_writer& to, chat_request const& r, model_traits const& model,
                          call_context const& context)
{
    if (!r.response_format || r.response_format->type == response_format::kind::text) {
        return {};
    }
    response_format const& format = *r.response_format;
    if (format.type == response_format::kind::other) {
        if (std::optional<failure> refused = lacks("response_format", context)) {
            return *std::move(refused);
        }
        return {};
    }
    to.out().member("responseMimeType", "application/json");
    if (format.type == response_format::kind::json_object || format.schema.empty()) {
        return {};
    }
    if (model.json_schema()) {
        to.member("responseJsonSchema", format.schema);
        return {};
    }
    const result<std::string> schema = to_openapi(format.schema.text, "response_format.json_schema.schema");
    if (!schema) {
        return schema.error();
    }
    to.out().raw_member("responseSchema", *schema);
    return {};
}

void write_modalities(json::writer& out, chat_request const& r)
{
    if (!r.modalities.empty()) {
        // The speaking models refuse to give text as well.
        const bool audio = std::find(r.modalities.begin(), r.modalities.end(), "audio") != r.modalities.end();
        out.key("responseModalities").begin_array();
        for (std::string const& modality : r.modalities) {
            std::string word = modality;
            std::transform(word.begin(), word.end(), word.begin(), [](char c) {
                return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
            });
            if (!audio || word == "AUDIO") {
                out.value(word);
            }
        }
        out.end_array();
    }
    json::document doc;
    json::parse_error error;
    if (doc.parse(r.audio.text, error) && doc["voice"].is_string()) {
        out.key("speechConfig").begin_object().key("voiceConfig").begin_object().key("prebuiltVoiceConfig");
        out.begin_object().member("voiceName", doc["voice"].string()).end_object().end_object().end_object();
    }
}

void write_sampling(raw_writer& to, chat_request const& r)
{
    json::writer& out = to.out();
    to.member("temperature", r.temperature);
    to.member("topP", r.top_p);
    if_set(out, "topK", r.top_k);
    if_set(out, "candidateCount", r.n);
    if_set(out, "maxOutputTokens", r.max_completion_tokens ? r.max_completion_tokens : r.max_tokens);
    if_set(out, "stopSequences", r.stop);
    if_set(out, "seed", r.seed);
    to.member("presencePenalty", r.presence_penalty);
    to.member("frequencyPenalty", r.frequency_penalty);
    if_set(out, "responseLogprobs", r.logprobs);
    if_set(out, "logprobs", r.top_logprobs);
}

} // namespace

result<void> write_generation_config(raw_writer& to, chat_request const& r, model_traits const& model,
                                     call_context const& context)
{
    static constexpr std::array<names, 1> inner = {"thinkingConfig"};
    extra_fields rest;
    json::document doc;
    json::parse_error error;
    if (raw_json const* found = r.extra.find("generationConfig");
        found != nullptr && doc.parse(found->text, error) && doc.root().is_object()) {
        keep_unknown(doc.root(), {}, rest);
    }
    std::string text;
    json::writer out(text);
    raw_writer config(out);
    out.begin_object();
    write_sampling(config, r);
    if (const result<void> written = write_format(config, r, model, context); !written) {
        return written;
    }
    write_modalities(out, r);
    write_thinking(config, r, model, rest);
    config.extra(rest, inner);
    out.end_object();
    if (!config.good()) {
        return config.error();
    }
    if (text != "{}") {
        to.out().raw_member("generationConfig", text);
    }
    return {};
}

} // namespace cogate::providers::gemini

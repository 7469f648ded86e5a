#include "providers/gemini/generation_config.hpp"

#include "providers/gemini/members.hpp"
#include "providers/gemini/schema.hpp"

#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::gemini {

namespace {

using names = std::string_view;

constexpr std::array<names, 17> known = {"temperature",
                                         "topP",
                                         "topK",
                                         "candidateCount",
                                         "maxOutputTokens",
                                         "stopSequences",
                                         "presencePenalty",
                                         "frequencyPenalty",
                                         "seed",
                                         "responseLogprobs",
                                         "logprobs",
                                         "responseMimeType",
                                         "responseSchema",
                                         "responseJsonSchema",
                                         "responseModalities",
                                         "thinkingConfig",
                                         "speechConfig"};

void read_texts(reader& in, json::value list, place const& at, std::vector<std::string>& out)
{
    if (!list.exists() || list.is_null()) {
        return;
    }
    if (!list.is_array()) {
        in.wrong_type(at, "an array of strings", list);
    }
    place element{&at, {}, 0};
    for (json::value item : list) {
        if (!item.is_string()) {
            in.wrong_type(element, "a string", item);
        }
        out.push_back(item.string());
        ++element.index;
    }
}

void read_thinking(reader& in, json::value config, place const& at, reasoning_options& out,
                   extra_fields& rest)
{
    static constexpr std::array<names, 3> known_thinking = {"includeThoughts", "thinkingBudget",
                                                            "thinkingLevel"};
    if (!config.exists() || config.is_null()) {
        return;
    }
    if (!config.is_object()) {
        in.wrong_type(at, "an object", config);
        return;
    }
    std::optional<bool> include;
    in.flag(config, key_of(config, "includeThoughts"), at, include);
    if (include.value_or(false)) {
        out.summary = "auto";
    }
    std::optional<std::int64_t> budget;
    in.integer(config, key_of(config, "thinkingBudget"), at, budget);
    if (budget && *budget < 0) {
        out.enabled = true; // as much as the model thinks fit
    } else if (budget) {
        out.budget_tokens = budget;
    }
    const std::string level = lower_word(member(config, "thinkingLevel"));
    if (level != "thinking_level_unspecified") {
        out.effort = level;
    }
    keep_leftovers(config, "thinkingConfig", known_thinking, rest);
}

void read_format(json::value config, chat_request& out, extra_fields& rest)
{
    const json::value mime = member(config, "responseMimeType");
    const json::value as_is = member(config, "responseJsonSchema");
    const json::value openapi = member(config, "responseSchema");
    if (as_is.is_object() || openapi.is_object()) {
        out.response_format = response_format{.type = response_format::kind::json_schema, .name = "response"};
        out.response_format->schema.text = as_is.is_object() ? compact(as_is.raw()) : to_json_schema(openapi);
    } else if (mime.equals("application/json")) {
        out.response_format = response_format{.type = response_format::kind::json_object};
    }
    if (mime.is_string() && !mime.equals("application/json") && !mime.equals("text/plain")) {
        rest.set("responseMimeType", raw_json{std::string(mime.raw())});
    }
}

void read_speech(json::value speech, chat_request& out, extra_fields& rest)
{
    if (!speech.is_object()) {
        return;
    }
    const json::value voice = member(speech, "voiceConfig");
    const json::value built = member(voice, "prebuiltVoiceConfig");
    const json::value name = member(built, "voiceName");
    if (speech.size() == 1 && voice.size() == 1 && built.size() == 1 && name.is_string()) {
        json::writer to(out.audio.text);
        to.begin_object().member("voice", name.string()).member("format", "pcm16").end_object();
    } else {
        rest.set("speechConfig", raw_json{std::string(speech.raw())});
    }
}

} // namespace

void read_generation_config(reader& in, json::value root, chat_request& out)
{
    const json::value config = member(root, "generationConfig");
    const place at{nullptr, "generationConfig"};
    if (!config.exists() || config.is_null()) {
        return;
    }
    if (!config.is_object()) {
        in.wrong_type(at, "an object", config);
        return;
    }
    in.number(config, "temperature", at, out.temperature);
    in.number(config, key_of(config, "topP"), at, out.top_p);
    in.integer(config, key_of(config, "topK"), at, out.top_k);
    in.integer(config, key_of(config, "candidateCount"), at, out.n);
    in.integer(config, key_of(config, "maxOutputTokens"), at, out.max_completion_tokens);
    read_texts(in, member(config, "stopSequences"), place{&at, "stopSequences"}, out.stop);
    in.number(config, key_of(config, "presencePenalty"), at, out.presence_penalty);
    in.number(config, key_of(config, "frequencyPenalty"), at, out.frequency_penalty);
    in.integer(config, "seed", at, out.seed);
    in.flag(config, key_of(config, "responseLogprobs"), at, out.logprobs);
    in.integer(config, "logprobs", at, out.top_logprobs);
    read_texts(in, member(config, "responseModalities"), place{&at, "responseModalities"}, out.modalities);
    for (std::string& modality : out.modalities) {
        modality = core::ilower(modality);
    }
    extra_fields rest;
    read_format(config, out, rest);
    read_thinking(in, member(config, "thinkingConfig"), place{&at, "thinkingConfig"}, out.reasoning, rest);
    read_speech(member(config, "speechConfig"), out, rest);
    keep_unknown(config, known, rest);
    keep_object(rest, "generationConfig", out.extra);
}

} // namespace cogate::providers::gemini

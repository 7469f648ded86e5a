#include "providers/openai_chat/quirks.hpp"

#include "lib/core/words.hpp"
#include "providers/common/parameters.hpp"
#include "providers/openai_chat/foreign_fields.hpp"
#include "providers/openai_chat/reshape.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace cogate::providers::openai_chat {

namespace {

constexpr std::string_view dialect_name = "openai_chat";

std::string_view word_of_budget(std::int64_t budget) noexcept
{
    return budget < 2048 ? "low" : budget < 8192 ? "medium" : "high";
}

/// The effort as a word; empty when nothing positive was said.
std::string_view word_of(reasoning_options const& wish) noexcept
{
    if (!wish.effort.empty()) {
        return wish.effort;
    }
    return wish.budget_tokens && wish.enabled != false ? word_of_budget(*wish.budget_tokens)
                                                       : std::string_view{};
}

/// On, off, or nothing said.
std::optional<bool> on_or_off(reasoning_options const& wish) noexcept
{
    if (wish.enabled) {
        return wish.enabled;
    }
    if (wish.budget_tokens) {
        return *wish.budget_tokens > 0;
    }
    return wish.effort.empty() ? std::nullopt : std::optional(wish.effort != "none");
}

void write_thinking(json::writer& out, bool on, std::optional<std::int64_t> budget)
{
    out.key("thinking").begin_object().member("type", on ? "enabled" : "disabled");
    if (on && budget) {
        out.member("budget_tokens", *budget);
    }
    out.end_object();
}

void write_effort(json::writer& out, std::string_view word)
{
    if (!word.empty()) {
        out.member("reasoning_effort", word);
    }
}

void write_reasoning_object(json::writer& out, reasoning_options const& wish)
{
    out.key("reasoning").begin_object();
    if (!wish.effort.empty()) {
        out.member("effort", wish.effort);
    }
    if (wish.budget_tokens && wish.enabled != false) {
        out.member("max_tokens", *wish.budget_tokens);
    }
    if (wish.enabled) {
        out.member("enabled", *wish.enabled);
    }
    out.end_object();
}

} // namespace

result<chat_request const*> fit(chat_request const& asked, call_context const& context,
                                std::optional<chat_request>& changed)
{
    chat_quirks const& quirks = context.service.quirks;
    result<chat_request const*> fitted = &asked;
    if (quirks.unsupported.empty()) {
        fitted = fit_parameters(asked, all_parameters(), dialect_name, context, changed);
    } else {
        std::vector<std::string_view> supported;
        for (std::string_view const name : all_parameters()) {
            if (!core::has_word(quirks.unsupported, name)) {
                supported.push_back(name);
            }
        }
        fitted = fit_parameters(asked, supported, dialect_name, context, changed);
    }
    if (!fitted) {
        return fitted;
    }
    chat_request const& r = **fitted;
    const bool older_name_refused = r.max_tokens && wants_completion_tokens(context.model, quirks);
    const bool one_name =
        r.max_tokens && r.max_completion_tokens && renamed("max_completion_tokens", quirks) == "max_tokens";
    const bool foreign_fields = has_foreign_fields(r);
    if (!older_name_refused && !one_name && !foreign_fields && !needs_reshaping(r, quirks)) {
        return fitted;
    }
    if (!changed) {
        changed = r;
    }
    if (foreign_fields) {
        remove_foreign_fields(*changed);
    }
    if (older_name_refused && !changed->max_completion_tokens) {
        changed->max_completion_tokens = changed->max_tokens;
    }
    if (older_name_refused || one_name) {
        changed->max_tokens.reset();
    }
    if (result<void> const reshaped = reshape(*changed, quirks); !reshaped) {
        return reshaped.error();
    }
    return &*changed;
}

std::string_view renamed(std::string_view ours, chat_quirks const& quirks) noexcept
{
    std::string_view rest = quirks.rename;
    while (!rest.empty()) {
        const std::string_view pair = core::first_word(rest);
        if (pair.size() > ours.size() && pair[ours.size()] == '=' && pair.starts_with(ours)) {
            return pair.substr(ours.size() + 1);
        }
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    }
    return ours;
}

bool wants_completion_tokens(std::string_view model, chat_quirks const& quirks) noexcept
{
    std::string_view rest = quirks.completion_tokens_models;
    while (!rest.empty()) {
        const std::string_view family = core::first_word(rest);
        if (model.starts_with(family)) {
            return true;
        }
        rest.remove_prefix(std::min(rest.size(), family.size() + 1));
    }
    return false;
}

void write_reasoning_wish(raw_writer& to, reasoning_options const& wish, chat_quirks const& quirks)
{
    if (wish.empty()) {
        return;
    }
    json::writer& out = to.out();
    const std::string_view how = quirks.reasoning_request;
    const std::optional<bool> on = on_or_off(wish);
    if (how == "both") {
        write_effort(out, wish.effort);
        if (wish.enabled || wish.budget_tokens) {
            write_thinking(out, *on, wish.budget_tokens);
        }
    } else if (how == "thinking") {
        if (on) {
            write_thinking(out, *on, std::nullopt);
        }
    } else if (how == "enable_thinking") {
        if (on) {
            out.member("enable_thinking", *on);
        }
        if (wish.budget_tokens && on == true) {
            out.member("thinking_budget", *wish.budget_tokens);
        }
    } else if (how == "template") {
        if (on) {
            out.key("chat_template_kwargs").begin_object().member("enable_thinking", *on).end_object();
        }
    } else if (how == "reasoning") {
        if (on) {
            write_reasoning_object(out, wish);
        }
    } else if (how == "high_or_none") {
        const bool little = wish.effort == "none" || wish.effort == "minimal";
        if (on) {
            write_effort(out, *on && !little ? "high" : "none");
        }
    } else if (how == "google" && wish.effort.empty()) {
        if (on) {
            out.key("extra_body")
                .begin_object()
                .key("google")
                .begin_object()
                .key("thinking_config")
                .begin_object();
            out.member("thinking_budget", *on ? wish.budget_tokens.value_or(-1) : 0);
            out.end_object().end_object().end_object();
        }
    } else {
        write_effort(out, word_of(wish));
    }
}

namespace {

bool contains(std::string_view body, std::string_view text) noexcept
{
    return memmem(body.data(), body.size(), text.data(), text.size()) != nullptr;
}

/// As `core::words`, which makes a list.
template <class Action>
void for_each_word(std::string_view text, Action const& action)
{
    while (!text.empty()) {
        const std::string_view word = core::first_word(text);
        if (!word.empty()) {
            action(word);
        }
        text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
}

/// Top-level fields that the service would not understand as they are, among those that the body may have.
std::vector<json::member_query> fields_with_quirks(json::key_list const& keys, chat_quirks const& quirks,
                                                   std::string_view model)
{
    std::vector<json::member_query> out;
    const auto add = [&](std::string_view name) {
        if (keys.may_have(name)) {
            out.push_back({.key = name});
        }
    };
    for_each_word(quirks.unsupported, add);
    for_each_word(quirks.rename, [&](std::string_view pair) { add(pair.substr(0, pair.find('='))); });
    if (!quirks.reasoning_request.empty() && quirks.reasoning_request != "both") {
        add("reasoning_effort");
        add("thinking");
    }
    if (!quirks.tool_choice_required.empty()) {
        add("tool_choice");
    }
    if (!quirks.json_schema) {
        add("response_format");
    }
    if (wants_completion_tokens(model, quirks)) {
        add("max_tokens");
    }
    return out;
}

} // namespace

bool may_relay(std::string_view body, json::key_list const& keys, bool stream, call_context const& context)
{
    chat_quirks const& quirks = context.service.quirks;
    if (!quirks.exact || !context.rules.empty() || !quirks.content_arrays || !quirks.null_content ||
        (stream && !quirks.stream_options)) {
        return false;
    }
    // Escaped spellings of these names are left to the service.
    const bool moves_reasoning = !quirks.reasoning_field.empty() && quirks.reasoning_field != "-";
    if ((!quirks.developer_role && contains(body, "\"developer\"")) ||
        (quirks.short_tool_ids && contains(body, "\"tool_call")) ||
        (moves_reasoning && (contains(body, "\"reasoning_content\"") || contains(body, "\"reasoning\"") ||
                             contains(body, "\"thinking_blocks\"")))) {
        return false;
    }
    std::vector<json::member_query> fields = fields_with_quirks(keys, quirks, context.model);
    if (fields.empty() || keys.complete) {
        return fields.empty();
    }
    json::scan_error error;
    return json::find_members(body, fields, error) &&
           std::none_of(fields.begin(), fields.end(), [](json::member_query const& f) { return f.found; });
}

} // namespace cogate::providers::openai_chat

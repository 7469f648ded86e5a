#include "providers/common/parameters.hpp"

#include "lib/core/json/string.hpp"
#include "lib/core/words.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace cogate::providers {

namespace {

struct parameter {
    std::string_view name;
    bool (*is_set)(chat_request const&);
    void (*clear)(chat_request&);
    std::string (*as_json)(
        chat_request const&); ///< nullptr: cannot be sent under OpenAI's name by another dialect
    bool advisory = false;    ///< without influence on the answer
    /// There, though at its default; nullptr: no default may be said.
    bool (*is_present)(chat_request const&) = nullptr;
};

std::string quoted(std::string_view text)
{
    std::string out;
    json::append_quoted(out, text);
    return out;
}

// Rows of members that are set or not by themselves.

template <std::string chat_request::*Member>
constexpr parameter text(std::string_view name, bool advisory)
{
    return {name, [](chat_request const& r) { return !(r.*Member).empty(); },
            [](chat_request& r) { (r.*Member).clear(); },
            [](chat_request const& r) { return quoted(r.*Member); }, advisory};
}

template <raw_json chat_request::*Member>
constexpr parameter raw(std::string_view name, bool advisory)
{
    return {name, [](chat_request const& r) { return !(r.*Member).empty(); },
            [](chat_request& r) { r.*Member = {}; }, [](chat_request const& r) { return (r.*Member).text; },
            advisory};
}

template <number_text chat_request::*Member>
constexpr parameter number(std::string_view name)
{
    return {name, [](chat_request const& r) { return !(r.*Member).empty(); },
            [](chat_request& r) { r.*Member = {}; },
            [](chat_request const& r) { return std::string((r.*Member).text()); }};
}

template <std::optional<std::int64_t> chat_request::*Member>
constexpr parameter integer(std::string_view name)
{
    return {name, [](chat_request const& r) { return (r.*Member).has_value(); },
            [](chat_request& r) { (r.*Member).reset(); },
            [](chat_request const& r) { return std::to_string(*(r.*Member)); }};
}

bool is_text_format(chat_request const& r)
{
    return r.response_format && r.response_format->type == response_format::kind::text;
}

// "Do not think" and a wish for summaries ask nothing of a model that does not think.
bool wants_reasoning(chat_request const& r)
{
    reasoning_options const& wish = r.reasoning;
    return wish.enabled.value_or(false) || wish.budget_tokens.value_or(0) > 0 ||
           (!wish.effort.empty() && wish.effort != "none");
}

constexpr std::array table{
    number<&chat_request::temperature>("temperature"),
    number<&chat_request::top_p>("top_p"),
    integer<&chat_request::top_k>("top_k"),
    integer<&chat_request::max_tokens>("max_tokens"),
    integer<&chat_request::max_completion_tokens>("max_completion_tokens"),
    parameter{"n", [](chat_request const& r) { return r.n && *r.n != 1; },
              [](chat_request& r) { r.n.reset(); },
              [](chat_request const& r) { return std::to_string(*r.n); }, false,
              [](chat_request const& r) { return r.n.has_value(); }},
    parameter{"stop", [](chat_request const& r) { return !r.stop.empty(); },
              [](chat_request& r) { r.stop.clear(); }, nullptr},
    integer<&chat_request::seed>("seed"),
    number<&chat_request::presence_penalty>("presence_penalty"),
    number<&chat_request::frequency_penalty>("frequency_penalty"),
    raw<&chat_request::logit_bias>("logit_bias", false),
    parameter{"logprobs", [](chat_request const& r) { return r.logprobs.value_or(false); },
              [](chat_request& r) { r.logprobs.reset(); },
              [](chat_request const&) { return std::string("true"); }, false,
              [](chat_request const& r) { return r.logprobs.has_value(); }},
    parameter{"top_logprobs", [](chat_request const& r) { return r.top_logprobs.value_or(0) != 0; },
              [](chat_request& r) { r.top_logprobs.reset(); },
              [](chat_request const& r) { return std::to_string(*r.top_logprobs); }, false,
              [](chat_request const& r) { return r.top_logprobs.has_value(); }},
    parameter{"tools", [](chat_request const& r) { return !r.tools.empty(); },
              [](chat_request& r) { r.tools.clear(); }, nullptr},
    parameter{"tool_choice",
              [](chat_request const& r) {
                  return r.tool_choice && r.tool_choice->how != tool_choice::mode::automatic;
              },
              [](chat_request& r) { r.tool_choice.reset(); }, nullptr, false,
              [](chat_request const& r) { return r.tool_choice.has_value(); }},
    parameter{"parallel_tool_calls", [](chat_request const& r) { return r.parallel_tool_calls == false; },
              [](chat_request& r) { r.parallel_tool_calls.reset(); },
              [](chat_request const&) { return std::string("false"); }, false,
              [](chat_request const& r) { return r.parallel_tool_calls.has_value(); }},
    parameter{"response_format",
              [](chat_request const& r) { return r.response_format && !is_text_format(r); },
              [](chat_request& r) { r.response_format.reset(); }, nullptr, false,
              [](chat_request const& r) { return r.response_format.has_value(); }},
    parameter{"reasoning_effort", wants_reasoning, [](chat_request& r) { r.reasoning = {}; },
              [](chat_request const& r) {
                  return quoted(r.reasoning.effort.empty() ? "medium" : r.reasoning.effort);
              },
              false, [](chat_request const& r) { return !r.reasoning.empty(); }},
    text<&chat_request::verbosity>("verbosity", false),
    parameter{"modalities",
              [](chat_request const& r) {
                  return std::any_of(r.modalities.begin(), r.modalities.end(),
                                     [](std::string const& m) { return m != "text"; });
              },
              [](chat_request& r) { r.modalities.clear(); }, nullptr, false,
              [](chat_request const& r) { return !r.modalities.empty(); }},
    raw<&chat_request::audio>("audio", false),
    raw<&chat_request::prediction>("prediction", true),
    raw<&chat_request::web_search_options>("web_search_options", false),
    text<&chat_request::user>("user", true),
    text<&chat_request::safety_identifier>("safety_identifier", true),
    text<&chat_request::prompt_cache_key>("prompt_cache_key", true),
    parameter{"service_tier",
              [](chat_request const& r) {
                  return !r.service_tier.empty() && r.service_tier != "auto" && r.service_tier != "default";
              },
              [](chat_request& r) { r.service_tier.clear(); },
              [](chat_request const& r) { return quoted(r.service_tier); }, false,
              [](chat_request const& r) { return !r.service_tier.empty(); }},
    parameter{"store", [](chat_request const& r) { return r.store == true; },
              [](chat_request& r) { r.store.reset(); },
              [](chat_request const&) { return std::string("true"); }, false,
              [](chat_request const& r) { return r.store.has_value(); }},
    raw<&chat_request::metadata>("metadata", true),
};

template <class List>
bool names(List const& list, std::string_view name)
{
    return std::find(list.begin(), list.end(), name) != list.end();
}

failure unsupported(std::string_view name, call_context const& context)
{
    std::string text = std::string(context.service.name) + " has no counterpart of '" + std::string(name) +
                       "' for the model " + std::string(context.model.substr(0, 200)) +
                       "; leave it out, or set drop_params";
    return failure(error_kind::invalid_request, std::move(text))
        .with_code("unsupported_parameter")
        .with_param(std::string(name));
}

/// Whether an item stands in the caller's own store at OpenAI and only its id was said.
bool names_stored_item(chat_request const& asked) noexcept
{
    return std::any_of(asked.messages.begin(), asked.messages.end(), [](message const& m) {
        return std::any_of(m.content.begin(), m.content.end(), [](content_part const& part) {
            auto const* item = std::get_if<unknown_part>(&part);
            return item != nullptr && item->type == "item_reference";
        });
    });
}

failure not_stored(call_context const& context)
{
    return failure(
               error_kind::invalid_request,
               "an 'item_reference' in 'input' names an item that " + std::string(context.service.name) +
                   " never stored: send the full items, or ask with 'store': false so that your client does")
        .with_code("item_reference_not_supported")
        .with_param("input");
}

} // namespace

result<chat_request const*> fit_parameters(chat_request const& asked,
                                           std::span<std::string_view const> supported,
                                           std::string_view dialect, call_context const& context,
                                           std::optional<chat_request>& changed)
{
    parameter_rules const& rules = context.rules;
    const auto edit = [&]() -> chat_request& {
        if (!changed) {
            changed = asked;
        }
        return *changed;
    };
    for (parameter const& p : table) {
        const bool set = p.is_set(asked);
        if (!set && (p.is_present == nullptr || !p.is_present(asked))) {
            continue;
        }
        const bool always_dropped = names(rules.additional_drop_params, p.name);
        if (!always_dropped && names(supported, p.name)) {
            continue;
        }
        const bool allowed = !always_dropped && names(rules.allowed_openai_params, p.name);
        if (set && !always_dropped && !allowed && !p.advisory && !rules.drop_params) {
            return unsupported(p.name, context);
        }
        chat_request& r = edit();
        if (set && allowed && p.as_json != nullptr) {
            r.extra.set(std::string(p.name), raw_json{p.as_json(asked)});
        }
        p.clear(r);
    }
    const bool foreign = !asked.extra_dialect.empty() && asked.extra_dialect != dialect;
    if (foreign && names_stored_item(asked)) {
        return not_stored(context);
    }
    if (!foreign && rules.additional_drop_params.empty()) {
        return changed ? &*changed : &asked;
    }
    extra_fields kept;
    for (auto const& [name, value] : changed ? changed->extra : asked.extra) {
        const bool of_caller = !names(rules.allowed_openai_params, name) || asked.extra.find(name) != nullptr;
        const bool always_dropped = names(rules.additional_drop_params, name);
        if (!of_caller || (!always_dropped && (!foreign || names(rules.allowed_openai_params, name)))) {
            kept.set(name, value);
        } else if (!always_dropped && !rules.drop_params && !is_advisory(asked.extra_dialect, name)) {
            return unsupported(name, context);
        }
    }
    if (kept.size() != (changed ? changed->extra : asked.extra).size()) {
        edit().extra = std::move(kept);
    }
    return changed ? &*changed : &asked;
}

std::span<std::string_view const> all_parameters() noexcept
{
    static constexpr auto list = [] {
        std::array<std::string_view, table.size()> out{};
        std::transform(table.begin(), table.end(), out.begin(), [](parameter const& p) { return p.name; });
        return out;
    }();
    return list;
}

bool is_advisory(std::string_view dialect, std::string_view field) noexcept
{
    struct row {
        std::string_view dialect;
        std::string_view fields;
    };
    static constexpr std::array rows = {
        row{"openai_chat", "prompt_cache_retention prompt_cache_options moderation"},
        row{"openai_completions", "prompt_cache_retention"},
        row{"openai_responses",
            "include truncation prompt_cache_retention prompt_cache_options max_tool_calls reasoning "
            "text context_management client_metadata stream_options moderation"},
        row{"anthropic_messages",
            "anthropic_beta betas cache_control context_management diagnostics fallbacks metadata speed "
            "thinking"},
        row{"gemini", "safetySettings safety_settings labels"},
    };
    for (row const& r : rows) {
        if (r.dialect == dialect) {
            return core::has_word(r.fields, field);
        }
    }
    return false;
}

} // namespace cogate::providers

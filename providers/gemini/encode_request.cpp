#include "providers/gemini/codec.hpp"

#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"
#include "providers/common/parameters.hpp"
#include "providers/gemini/contents.hpp"
#include "providers/gemini/generation_config.hpp"
#include "providers/gemini/tools.hpp"

#include "lib/wire/url.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::gemini {

namespace {

constexpr std::array<std::string_view, 19> supported = {"temperature",
                                                        "top_p",
                                                        "top_k",
                                                        "max_tokens",
                                                        "max_completion_tokens",
                                                        "n",
                                                        "stop",
                                                        "seed",
                                                        "presence_penalty",
                                                        "frequency_penalty",
                                                        "logprobs",
                                                        "top_logprobs",
                                                        "tools",
                                                        "tool_choice",
                                                        "response_format",
                                                        "modalities",
                                                        "audio",
                                                        "web_search_options",
                                                        "reasoning_effort"};

/// A model that does not think takes any wish not to.
bool may_ask_for_reasoning(chat_request const& r, model_traits const& model) noexcept
{
    const bool off =
        r.reasoning.effort == "none" || r.reasoning.enabled == false || r.reasoning.budget_tokens == 0;
    return model.thinks() || off;
}

bool is_digits(std::string_view text) noexcept
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::string model_path(flavour const& at, std::string_view model, std::string_view verb)
{
    std::string out(at.models);
    if (at.vertex && is_digits(model)) {
        out = "/endpoints/"; // a model of one's own
    } else if (model.starts_with("tunedModels/")) {
        model.remove_prefix(std::string_view("tunedModels/").size());
        out = "/tunedModels/";
    } else if (model.starts_with("models/")) {
        model.remove_prefix(std::string_view("models/").size());
    }
    for (std::size_t begin = 0; begin <= model.size();) {
        // "@" of Vertex's dated names may stand in a path and is how Google writes them.
        const std::size_t end = std::min(model.find('@', begin), model.size());
        wire::append_percent_encoded(out, model.substr(begin, end - begin));
        if (end < model.size()) {
            out += '@';
        }
        begin = end + 1;
    }
    out += verb;
    return out;
}

result<encoded_request> encode_chat(chat_request const& asked, call_context const& context, flavour const& at)
{
    const model_traits model = traits_of(context.model);
    std::span<std::string_view const> takes(supported);
    if (!may_ask_for_reasoning(asked, model)) {
        takes = takes.first(takes.size() - 1);
    }
    std::optional<chat_request> changed;
    const result<chat_request const*> fitted = fit_parameters(asked, takes, "gemini", context, changed);
    if (!fitted) {
        return fitted.error();
    }
    chat_request const& r = **fitted;
    encoded_request request{
        .path = model_path(at, context.model,
                           context.stream ? ":streamGenerateContent?alt=sse" : ":generateContent"),
        .body = {}};
    json::writer out(request.body);
    raw_writer to(out);
    out.begin_object();
    if (const result<void> written = write_contents(to, r, model, at); !written) {
        return written.error();
    }
    if (const result<void> written = write_tools(to, r, model, context); !written) {
        return written.error();
    }
    if (const result<void> written = write_generation_config(to, r, model, context); !written) {
        return written.error();
    }
    static constexpr std::array<std::string_view, 2> inner = {"generationConfig", "toolConfig"};
    to.extra(r.extra, inner);
    out.end_object();
    if (!to.good()) {
        return to.error();
    }
    return without_repeats(std::move(request), r.extra);
}

} // namespace cogate::providers::gemini

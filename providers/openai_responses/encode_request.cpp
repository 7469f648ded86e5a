#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"
#include "providers/common/parameters.hpp"
#include "providers/common/write_members.hpp"
#include "providers/openai_responses/codec.hpp"
#include "providers/openai_responses/items.hpp"
#include "providers/openai_responses/tools.hpp"

#include "lib/core/json/scanner.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_responses {

namespace {

using names = std::string_view;

constexpr std::array<names, 19> supported = {"temperature",
                                             "top_p",
                                             "max_tokens",
                                             "max_completion_tokens",
                                             "logprobs",
                                             "top_logprobs",
                                             "tools",
                                             "tool_choice",
                                             "parallel_tool_calls",
                                             "response_format",
                                             "reasoning_effort",
                                             "verbosity",
                                             "web_search_options",
                                             "user",
                                             "safety_identifier",
                                             "prompt_cache_key",
                                             "service_tier",
                                             "store",
                                             "metadata"};

constexpr names encrypted_reasoning = "reasoning.encrypted_content";
constexpr names text_logprobs = "message.output_text.logprobs";

failure unsupported(names what, call_context const& context)
{
    return failure(error_kind::invalid_request, std::string(context.service.name) +
                                                    " has no counterpart of this '" + std::string(what) + "'")
        .with_code("unsupported_parameter")
        .with_param(std::string(what));
}

/// This dialect has effort words only; a budget from another dialect becomes the nearest word.
names effort_of(reasoning_options const& reasoning) noexcept
{
    if (!reasoning.effort.empty() || !reasoning.budget_tokens || reasoning.enabled == false) {
        return reasoning.effort;
    }
    const std::int64_t budget = *reasoning.budget_tokens;
    return budget < 2048 ? "low" : budget < 8192 ? "medium" : "high";
}

class request_writer {
public:
    request_writer(raw_writer& to, chat_request const& request, call_context const& context) noexcept
        : to_(to), out_(to.out()), r_(request), context_(context), ours_(is_ours(request))
    {}

    result<void> write()
    {
        out_.begin_object().member("model", context_.model);
        const std::size_t first = write_instructions();
        // With a stored prompt or conversation there may be nothing to add.
        const bool nothing_new = ours_ && first == r_.messages.size() && has_stored_part();
        if (!nothing_new) {
            out_.key("input").begin_array();
            if (std::optional<failure> error = write_items(to_, r_, first)) {
                return *std::move(error);
            }
            out_.end_array();
        }
        if (result<void> good = write_tools(); !good) {
            return good;
        }
        if (result<void> good = write_text(); !good) {
            return good;
        }
        write_reasoning();
        write_sampling();
        write_options();
        static constexpr std::array<names, 3> inner = {"reasoning", "text", "include"};
        to_.extra(r_.extra, inner);
        out_.end_object();
        return {};
    }

private:
    /// How many messages they took from the front.
    std::size_t write_instructions()
    {
        if (r_.messages.empty()) {
            return 0;
        }
        message const& m = r_.messages.front();
        const bool plain = m.role == role::system && m.content_is_text && !m.text().empty();
        // Some services refuse an empty input.
        if (!plain || (r_.messages.size() == 1 && !ours_)) {
            return 0;
        }
        out_.member("instructions", m.text());
        return 1;
    }

    result<void> write_tools()
    {
        if (!r_.tools.empty() || !r_.web_search_options.empty()) {
            out_.key("tools").begin_array();
            for (tool const& t : r_.tools) {
                if (!write_tool(to_, t, ours_)) {
                    return unsupported("tools", context_);
                }
            }
            if (!r_.web_search_options.empty()) {
                write_web_search(to_, r_.web_search_options);
            }
            out_.end_array();
        }
        if (r_.tool_choice) {
            out_.key("tool_choice");
            if (!write_tool_choice(to_, *r_.tool_choice, ours_)) {
                return unsupported("tool_choice", context_);
            }
        }
        if_set(out_, "parallel_tool_calls", r_.parallel_tool_calls);
        return {};
    }

    result<void> write_text()
    {
        const bool rest = r_.extra.find("text") != nullptr;
        if (!r_.response_format && r_.verbosity.empty() && !rest) {
            return {};
        }
        out_.key("text").begin_object();
        if (r_.response_format) {
            out_.key("format");
            if (!write_format(to_, *r_.response_format, ours_)) {
                return unsupported("response_format", context_);
            }
        }
        if_set(out_, "verbosity", r_.verbosity);
        to_.leftovers(r_.extra, "text");
        out_.end_object();
        return {};
    }

    void write_reasoning()
    {
        const names effort = effort_of(r_.reasoning);
        const bool rest = r_.extra.find("reasoning") != nullptr;
        if (effort.empty() && r_.reasoning.summary.empty() && !rest) {
            return;
        }
        out_.key("reasoning").begin_object();
        if_set(out_, "effort", effort);
        if_set(out_, "summary", r_.reasoning.summary);
        to_.leftovers(r_.extra, "reasoning");
        out_.end_object();
    }

    void write_sampling()
    {
        to_.member("temperature", r_.temperature);
        to_.member("top_p", r_.top_p);
        if_set(out_, "max_output_tokens",
               r_.max_completion_tokens ? r_.max_completion_tokens : r_.max_tokens);
        if_set(out_, "top_logprobs", r_.top_logprobs);
    }

    void write_options()
    {
        if_set(out_, "user", r_.user);
        if_set(out_, "safety_identifier", r_.safety_identifier);
        if_set(out_, "prompt_cache_key", r_.prompt_cache_key);
        if_set(out_, "service_tier", r_.service_tier);
        if (r_.store) {
            out_.member("store", *r_.store);
        } else if (!ours_) {
            // Stored unless told otherwise, which a chat completion is not.
            out_.member("store", false);
        }
        to_.member("metadata", r_.metadata);
        write_include();
        if (context_.stream) {
            out_.member("stream", true);
            if (ours_) {
                to_.member("stream_options", r_.stream_options_extra);
            }
        }
    }

    /// The list as the caller gave it, and what the canonical fields ask for besides.
    void write_include()
    {
        std::vector<std::string> list;
        bool given = false;
        json::document doc;
        json::parse_error error;
        if (raw_json const* asked = r_.extra.find("include")) {
            given = doc.parse(asked->text, error) && doc.root().is_array();
            for (json::value item : doc.root()) {
                list.push_back(item.string());
            }
        }
        const auto add = [&](names item) {
            if (std::find(list.begin(), list.end(), item) == list.end()) {
                list.emplace_back(item);
            }
        };
        // Models that do not reason refuse this one, so it needs a sign that the model does.
        if (!ours_ && r_.store.value_or(false) == false &&
            (!r_.reasoning.empty() || has_encrypted_reasoning())) {
            add(encrypted_reasoning);
        }
        if (r_.logprobs.value_or(false)) {
            add(text_logprobs);
        }
        if (list.empty() && !given) {
            return;
        }
        write_texts(out_, "include", list);
    }

    bool has_stored_part() const noexcept
    {
        return r_.extra.find("prompt") != nullptr || r_.extra.find("previous_response_id") != nullptr ||
               r_.extra.find("conversation") != nullptr;
    }

    bool has_encrypted_reasoning() const noexcept
    {
        for (message const& m : r_.messages) {
            for (content_part const& part : m.content) {
                auto const* reasoning = std::get_if<reasoning_part>(&part);
                if (reasoning != nullptr && !reasoning->redacted.empty() &&
                    encrypted_for_provider(reasoning->redacted, reasoning->id)) {
                    return true;
                }
            }
        }
        return false;
    }

    raw_writer& to_;
    json::writer& out_;
    chat_request const& r_;
    call_context const& context_;
    bool ours_;
};

} // namespace

result<encoded_request> encode_chat(chat_request const& asked, call_context const& context)
{
    std::optional<chat_request> changed;
    const result<chat_request const*> fitted =
        fit_parameters(asked, supported, dialect_name, context, changed);
    if (!fitted) {
        return fitted.error();
    }
    chat_request const& r = **fitted;
    encoded_request request{.path = "/responses", .body = {}};
    json::writer out(request.body);
    raw_writer to(out);
    if (const result<void> good = request_writer(to, r, context).write(); !good) {
        return good.error();
    }
    if (!to.good()) {
        return to.error();
    }
    return without_repeats(std::move(request), r.extra);
}

} // namespace cogate::providers::openai_responses

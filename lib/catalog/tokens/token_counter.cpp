#include <cogate/tokens.hpp>

#include "lib/catalog/tokens/image_tokens.hpp"
#include "lib/catalog/tokens/tool_text.hpp"
#include "lib/core/json/document.hpp"

#include <algorithm>
#include <variant>

namespace cogate {

namespace {

constexpr std::size_t default_image_tokens = 250;
constexpr std::size_t file_tokens = 85;
constexpr std::size_t reply_start_tokens = 3;

std::string_view wire_word(message const& m)
{
    switch (m.role) {
    case role::system: return "system";
    case role::developer: return "developer";
    case role::user: return "user";
    case role::assistant: return "assistant";
    case role::tool: break;
    }
    return m.tool_call_id.empty() && !m.name.empty() ? "function" : "tool";
}

class prompt_counter {
public:
    prompt_counter(std::string_view model, token_counter_options options)
        : encoding_(encoding_for(model)), options_(options), oldest_(model == "gpt-3.5-turbo-0301")
    {}

    std::size_t of(message const& m) const
    {
        std::size_t count = (oldest_ ? 4 : 3) + of(wire_word(m)) + of(m.tool_call_id) + of_extra(m.extra);
        for (content_part const& part : m.content) {
            count += std::visit([this](auto const& p) { return of_part(p); }, part);
        }
        for (tool_call const& call : m.tool_calls) {
            count += of(call.arguments);
        }
        if (m.name.empty()) {
            return count;
        }
        count += of(m.name);
        return oldest_ ? count - 1 : count + 1;
    }

    std::size_t of_request(chat_request const& request) const
    {
        std::size_t count = reply_start_tokens;
        if (!request.tools.empty()) {
            bool const has_system = std::any_of(request.messages.begin(), request.messages.end(),
                                                [](message const& m) { return m.role == role::system; });
            count += of(catalog::tool_text(request.tools)) + (has_system ? 5 : 9);
        }
        return request.tool_choice ? count + of_choice(*request.tool_choice) : count;
    }

private:
    std::size_t of(std::string_view text) const { return count_tokens(encoding_, text); }

    std::size_t of_choice(tool_choice const& choice) const
    {
        if (choice.how == tool_choice::mode::none) {
            return 1;
        }
        if (choice.how == tool_choice::mode::function) {
            return 7 + of(choice.name);
        }
        json::document value;
        json::parse_error error;
        if (choice.how != tool_choice::mode::other || !value.parse(choice.value.text, error) ||
            !value.root().is_object()) {
            return 0;
        }
        return 7 + of(value["function"]["name"].string());
    }

    /// Unknown members of the message: strings, and the arguments of the deprecated function_call.
    std::size_t of_extra(extra_fields const& extra) const
    {
        std::size_t count = 0;
        json::document value;
        json::parse_error error;
        for (auto const& [key, text] : extra) {
            if (key != "function_call" && !text.text.starts_with('"')) {
                continue;
            }
            value.parse(text.text, error);
            json::value const counted = key == "function_call" ? value["arguments"] : value.root();
            count += of(counted.string());
        }
        return count;
    }

    std::size_t of_part(text_part const& part) const { return of(part.text); }
    std::size_t of_part(refusal_part const& part) const { return of(part.text); }
    /// LiteLLM passes over `thinking_blocks`, which repeat the message's own reasoning text.
    std::size_t of_part(reasoning_part const& part) const
    {
        return part.field == "thinking_blocks" ? 0 : of(part.text);
    }
    std::size_t of_part(image_part const& part) const
    {
        return options_.default_image_tokens ? default_image_tokens : catalog::image_tokens(part);
    }
    std::size_t of_part(file_part const& part) const
    {
        std::size_t const name = of(part.filename);
        if (part.source.data.empty() && part.source.url.empty()) {
            return name;
        }
        return name + (options_.default_image_tokens ? default_image_tokens : file_tokens);
    }
    std::size_t of_part(audio_part const&) const { return 0; }
    std::size_t of_part(unknown_part const&) const { return 0; }

    token_encoding encoding_;
    token_counter_options options_;
    bool oldest_; ///< the one model whose messages are counted otherwise
};

} // namespace

std::size_t token_counter(std::string_view model, chat_request const& request, token_counter_options options)
{
    prompt_counter const counter(model, options);
    std::size_t count = options.response ? 0 : counter.of_request(request);
    for (message const& m : request.messages) {
        count += counter.of(m);
    }
    return count;
}

} // namespace cogate

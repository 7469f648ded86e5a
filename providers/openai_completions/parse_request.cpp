#include "providers/common/fields.hpp"
#include "providers/openai_chat/request_members.hpp"
#include "providers/openai_completions/codec.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_completions {

namespace {

using names = std::string_view;

constexpr std::array<names, 16> known = {"model",
                                         "prompt",
                                         "max_tokens",
                                         "temperature",
                                         "top_p",
                                         "n",
                                         "logprobs",
                                         "stop",
                                         "seed",
                                         "stream",
                                         "presence_penalty",
                                         "frequency_penalty",
                                         "logit_bias",
                                         "user",
                                         "echo",
                                         "stream_options"};

void read_prompt(reader& in, json::value root, chat_request& out)
{
    const place at{nullptr, "prompt"};
    const json::value prompt = root["prompt"];
    if (prompt.is_string()) {
        out.messages.push_back(user(prompt.string()));
        return;
    }
    if (!prompt.is_array() || prompt.size() == 0) {
        if (!prompt.exists() || prompt.is_null()) {
            in.missing(at);
        } else if (prompt.is_array()) {
            in.wrong_value(at, "must not be empty");
        } else {
            in.wrong_type(at, "a string or an array", prompt);
        }
        return;
    }
    place element{&at, {}, 0};
    const json::kind first = prompt[std::size_t{0}].kind();
    for (json::value item : prompt) {
        const bool fits = item.kind() == first && (item.is_string() || item.is_number() || item.is_array());
        if (!fits) {
            in.wrong_type(element, "a string, a token or an array of tokens like the others", item);
            return;
        }
        ++element.index;
    }
    message m =
        user(first == json::kind::string && prompt.size() == 1 ? prompt[std::size_t{0}].string() : "");
    m.content_is_text = false;
    if (first != json::kind::string || prompt.size() != 1) {
        // No chat can carry it; the text is for guards that look at requests.
        m = user("");
        for (json::value item : prompt) {
            item.append_string_to(std::get<text_part>(m.content.front()).text);
        }
        out.extra.set("prompt", raw_json{std::string(prompt.raw())});
    }
    out.messages.push_back(std::move(m));
}

/// What has no counterpart elsewhere, unless it is at its default.
void read_own(reader& in, json::value root, chat_request& out)
{
    std::optional<bool> echo;
    in.flag(root, "echo", place{}, echo);
    if (echo.value_or(false)) {
        out.extra.set("echo", raw_json{"true"});
    }
    for (json::member m : root.members()) {
        const bool ours = std::find(known.begin(), known.end(), m.key) != known.end();
        const bool is_default = m.val.is_null() || (m.key == "best_of" && m.val.as_int64() == 1) ||
                                (m.key == "suffix" && m.val.equals(""));
        if (!ours && !is_default) {
            out.extra.set(std::string(m.key), raw_json{std::string(m.val.raw())});
        }
    }
}

} // namespace

result<parsed_chat> parse_chat(std::string_view body)
{
    json::document doc;
    const result<json::value> opened = open_request(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    reader in(true);
    const place top;
    chat_request out;
    out.extra_dialect = dialect_name;
    openai_chat::read_model(in, root, out.model);
    read_prompt(in, root, out);
    in.integer(root, "max_tokens", top, out.max_tokens);
    in.number(root, "temperature", top, out.temperature);
    in.number(root, "top_p", top, out.top_p);
    in.integer(root, "n", top, out.n);
    std::optional<std::int64_t> logprobs;
    in.integer(root, "logprobs", top, logprobs);
    if (logprobs) {
        out.logprobs = true;
        out.top_logprobs = logprobs;
    }
    openai_chat::read_stop(in, root, out);
    in.integer(root, "seed", top, out.seed);
    in.number(root, "presence_penalty", top, out.presence_penalty);
    in.number(root, "frequency_penalty", top, out.frequency_penalty);
    if (root["logit_bias"].size() != 0) {
        in.object(root, "logit_bias", top, out.logit_bias);
    }
    in.text(root, "user", top, out.user);
    std::optional<bool> streamed;
    in.flag(root, "stream", top, streamed);
    openai_chat::read_stream_options(in, root, out);
    read_own(in, root, out);
    if (!in.good()) {
        return in.error();
    }
    return parsed_chat{std::move(out), streamed.value_or(false)};
}

} // namespace cogate::providers::openai_completions

#include "providers/openai_completions/codec.hpp"

#include "lib/core/json/writer.hpp"

namespace cogate::providers::openai_completions {

namespace {

/// UTF-8 code points, which text_offset counts.
std::size_t characters(std::string_view text) noexcept
{
    std::size_t n = 0;
    for (char const c : text) {
        n += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    }
    return n;
}

void write_number(json::writer& out, std::string_view key, json::value number)
{
    // The first token of an echo has none.
    out.raw_member(key, number.is_number() ? number.raw() : std::string_view("0"));
}

} // namespace

raw_json chat_logprobs(json::value lists)
{
    const json::value tokens = lists["tokens"];
    if (tokens.size() == 0 || !tokens.is_array()) {
        return {};
    }
    std::string text;
    json::writer out(text);
    out.begin_object().key("content").begin_array();
    auto number = lists["token_logprobs"].begin();
    auto top = lists["top_logprobs"].begin();
    auto const number_end = lists["token_logprobs"].end();
    auto const top_end = lists["top_logprobs"].end();
    for (json::value token : tokens) {
        out.begin_object().raw_member("token", token.is_string() ? token.raw() : std::string_view("\"\""));
        write_number(out, "logprob", number == number_end ? json::value() : *number);
        out.key("bytes").value(nullptr).key("top_logprobs").begin_array();
        if (top != top_end) {
            for (json::member m : (*top).members()) {
                out.begin_object().member("token", m.key);
                write_number(out, "logprob", m.val);
                out.key("bytes").value(nullptr).end_object();
            }
            ++top;
        }
        out.end_array().end_object();
        if (number != number_end) {
            ++number;
        }
    }
    out.end_array().key("refusal").value(nullptr).end_object();
    return raw_json{std::move(text)};
}

raw_json completion_logprobs(raw_json const& logprobs, std::size_t& offset)
{
    json::document doc;
    json::parse_error error;
    if (logprobs.empty() || !doc.parse(logprobs.text, error) || doc["content"].size() == 0) {
        return {};
    }
    std::string text, numbers, tops, offsets;
    json::writer out(text);
    json::writer number(numbers), top(tops), at(offsets);
    number.begin_array();
    top.begin_array();
    at.begin_array();
    out.begin_object().key("tokens").begin_array();
    for (json::value token : doc["content"]) {
        const std::string word = token["token"].string();
        const json::value list = token["top_logprobs"];
        out.value(word);
        number.raw(token["logprob"].is_number() ? token["logprob"].raw() : std::string_view("null"));
        at.value(offset);
        offset += characters(word);
        if (list.size() == 0) {
            top.value(nullptr);
            continue;
        }
        top.begin_object();
        for (json::value other : list) {
            if (other["token"].is_string() && other["logprob"].is_number()) {
                top.key(other["token"].string()).raw(other["logprob"].raw());
            }
        }
        top.end_object();
    }
    out.end_array();
    number.end_array();
    top.end_array();
    at.end_array();
    out.raw_member("token_logprobs", numbers)
        .raw_member("top_logprobs", tops)
        .raw_member("text_offset", offsets);
    out.end_object();
    return raw_json{std::move(text)};
}

} // namespace cogate::providers::openai_completions

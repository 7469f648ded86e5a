// Every recorded answer of Converse: whole, streamed, and errors.

#include "providers/bedrock_converse/dialect.hpp"
#include "test/providers/bedrock_converse/support.hpp"

#include "lib/core/text.hpp"

namespace cogate::test::bedrock {

namespace {

providers::client_dialect const& dialect()
{
    return providers::bedrock_converse::client();
}

/// What an answer or stream means, told in our terms by the test.
struct meaning {
    std::string text;
    std::string reasoning;
    std::string signatures;
    std::string citations;
    std::vector<std::string> calls; ///< "id name arguments", the arguments as the oracle writes them
    std::size_t own_blocks = 0;
    std::string stop;
    std::int64_t prompt = 0;
    std::int64_t completion = 0;
    std::int64_t cached = 0;
};

std::string normal(std::string const& json)
{
    return bj::serialize(oracle(json.empty() ? "{}" : json));
}

std::string word_of(std::string const& stop)
{
    if (stop == "tool_use") {
        return "tool_calls";
    }
    if (stop == "max_tokens") {
        return "length";
    }
    return stop == "guardrail_intervened" ? "content_filter" : "stop";
}

std::string word_of(finish_reason why)
{
    switch (why) {
    case finish_reason::tool_calls: return "tool_calls";
    case finish_reason::length: return "length";
    case finish_reason::content_filter: return "content_filter";
    case finish_reason::stop: return "stop";
    default: return "?";
    }
}

void add_usage(bj::value const& tokens, meaning& out)
{
    out.cached = number_at(tokens, "cacheReadInputTokens");
    out.prompt = number_at(tokens, "inputTokens") + out.cached + number_at(tokens, "cacheWriteInputTokens");
    out.completion = number_at(tokens, "outputTokens");
}

void add_block(bj::value const& block, meaning& out)
{
    if (bj::value const* use = at(block, "toolUse");
        use != nullptr && text_at(*use, "type") != "server_tool_use") {
        out.calls.push_back(text_at(*use, "toolUseId") + " " + text_at(*use, "name") + " " +
                            bj::serialize(use->at("input")));
    } else if (bj::value const* reasoning = at(block, "reasoningContent")) {
        if (bj::value const* text = at(*reasoning, "reasoningText")) {
            out.reasoning += text_at(*text, "text");
            out.signatures += text_at(*text, "signature");
        }
        out.signatures += text_at(*reasoning, "redactedContent");
    } else if (bj::value const* cited = at(block, "citationsContent")) {
        if (bj::value const* content = at(*cited, "content")) {
            for (bj::value const& piece : content->as_array()) {
                out.text += text_at(piece, "text");
            }
        }
        for (bj::value const& citation : cited->at("citations").as_array()) {
            out.citations += bj::serialize(citation);
        }
    } else if (at(block, "text") != nullptr) {
        out.text += text_at(block, "text");
    } else {
        ++out.own_blocks;
    }
}

meaning of_answer(bj::value const& answer)
{
    meaning out;
    for (bj::value const& block : answer.at("output").at("message").at("content").as_array()) {
        add_block(block, out);
    }
    out.stop = word_of(text_at(answer, "stopReason"));
    if (bj::value const* tokens = at(answer, "usage")) {
        add_usage(*tokens, out);
    }
    return out;
}

/// From events as lines: type and payload.
meaning of_events(std::vector<std::pair<std::string, bj::value>> const& events)
{
    struct open_call {
        std::string head;
        std::string input;
        bool own = false;
    };
    std::map<std::int64_t, open_call> calls;
    meaning out;
    for (auto const& [type, payload] : events) {
        const std::int64_t index = number_at(payload, "contentBlockIndex");
        if (type == "contentBlockStart") {
            bj::value const& start = payload.at("start");
            if (bj::value const* use = at(start, "toolUse")) {
                calls[index] = {text_at(*use, "toolUseId") + " " + text_at(*use, "name"), "",
                                text_at(*use, "type") == "server_tool_use"};
            }
            out.own_blocks += at(start, "toolResult") != nullptr ? 1U : 0U;
        } else if (type == "contentBlockDelta") {
            bj::value const& delta = payload.at("delta");
            out.text += text_at(delta, "text");
            if (bj::value const* use = at(delta, "toolUse")) {
                calls[index].input += text_at(*use, "input");
            }
            if (bj::value const* reasoning = at(delta, "reasoningContent")) {
                out.reasoning += text_at(*reasoning, "text");
                out.signatures += text_at(*reasoning, "signature") + text_at(*reasoning, "redactedContent");
            }
        } else if (type == "messageStop") {
            out.stop = word_of(text_at(payload, "stopReason"));
        } else if (bj::value const* tokens = at(payload, "usage"); type == "metadata" && tokens != nullptr) {
            add_usage(*tokens, out);
        }
    }
    for (auto const& [index, call] : calls) {
        if (call.own) {
            ++out.own_blocks;
        } else {
            out.calls.push_back(call.head + " " + normal(call.input));
        }
    }
    return out;
}

meaning of_ours(chat_response const& answer)
{
    meaning out;
    BOOST_REQUIRE_EQUAL(answer.choices.size(), 1U);
    chat_choice const& choice = answer.choices[0];
    out.text = choice.message.text();
    out.reasoning = choice.message.reasoning();
    for (content_part const& part : choice.message.content) {
        if (auto const* reasoning = std::get_if<reasoning_part>(&part)) {
            out.signatures += reasoning->signature + reasoning->redacted;
        } else if (auto const* text = std::get_if<text_part>(&part);
                   text != nullptr && !text->citations.empty()) {
            const bj::value list = oracle(text->citations.text);
            for (bj::value const& citation : list.as_array()) {
                out.citations += bj::serialize(citation);
            }
        } else if (std::holds_alternative<unknown_part>(part)) {
            ++out.own_blocks;
        }
    }
    for (tool_call const& call : choice.message.tool_calls) {
        out.calls.push_back(call.id + " " + call.name + " " + normal(call.arguments));
    }
    out.stop = word_of(choice.finish_reason);
    out.prompt = answer.usage.prompt_tokens;
    out.completion = answer.usage.completion_tokens;
    out.cached = answer.usage.cached_tokens;
    return out;
}

void check_same(meaning const& ours, meaning const& theirs)
{
    BOOST_TEST(ours.text == theirs.text);
    BOOST_TEST(ours.reasoning == theirs.reasoning);
    BOOST_TEST(ours.signatures == theirs.signatures);
    BOOST_TEST(ours.citations == theirs.citations);
    BOOST_TEST(ours.calls == theirs.calls, boost::test_tools::per_element());
    BOOST_TEST(ours.own_blocks == theirs.own_blocks);
    BOOST_TEST(ours.stop == theirs.stop);
    BOOST_TEST(ours.prompt == theirs.prompt);
    BOOST_TEST(ours.completion == theirs.completion);
    BOOST_TEST(ours.cached == theirs.cached);
}

void check_stream(std::string const& bytes, meaning const& theirs)
{
    const decoded_stream out = decode_stream(dialect(), "m", bytes);
    BOOST_REQUIRE_MESSAGE(!out.error, (out.error ? (*out.error)->message : ""));
    check_same(of_ours(fold(out.chunks)), theirs);
    check_splits(dialect(), "m", bytes);
}

std::vector<std::string> lines_of(std::string const& text)
{
    std::vector<std::string> out;
    for (std::string_view const line : core::split(text, '\n')) {
        if (!core::trim(line).empty()) {
            out.emplace_back(line);
        }
    }
    return out;
}

void check_error(std::filesystem::path const& path, std::string const& body)
{
    const bj::value meta = oracle(beside(path, "response.json", "meta.json"));
    std::vector<std::pair<std::string, std::string>> fields;
    for (auto const& field : meta.at("response_headers").as_object()) {
        fields.emplace_back(std::string(field.key()), plain(field.value().as_string()));
    }
    std::vector<wire::header> headers;
    for (auto const& [name, value] : fields) {
        headers.push_back({name, value});
    }
    const failure why =
        dialect().decode_error(static_cast<int>(number_at(meta, "status")), headers, body, {});
    const bool no_model = body.find("model identifier is invalid") != std::string::npos;
    BOOST_TEST((why->kind == (no_model ? error_kind::not_found : error_kind::invalid_request)));
    BOOST_TEST(why->message == text_at(oracle(body), "message"));
    BOOST_TEST(!why->retryable);
}

// Requests: a reader of Converse's requests, which the product does not have.

/// An answer that was recorded with its status.
bool is_error(std::filesystem::path const& path)
{
    const std::string meta = beside(path, "response.json", "meta.json");
    return !meta.empty() && number_at(oracle(meta), "status") != 200;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_bedrock_converse_recorded)

BOOST_AUTO_TEST_CASE(answers)
{
    std::size_t seen = 0;
    for (std::string const folder : {"bedrock/converse", "bedrock/converse-stream"}) {
        for (auto const& path : fixtures(folder, ".response.json")) {
            BOOST_TEST_CONTEXT(path.filename().string())
            {
                ++seen;
                const std::string body = read_file(path);
                if (is_error(path)) {
                    check_error(path, body);
                    continue;
                }
                const auto answer = dialect().decode_chat({.body = body}, provider_context("m"));
                BOOST_REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error()->message));
                check_same(of_ours(*answer), of_answer(oracle(body)));
            }
        }
    }
    BOOST_TEST_MESSAGE((seen == 0 ? "skipped: no shared fixtures" : std::to_string(seen) + " answers"));
}

BOOST_AUTO_TEST_CASE(streams)
{
    for (auto const& path : fixtures("bedrock/converse-stream", ".stream.bin")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            std::vector<std::pair<std::string, bj::value>> events;
            for (std::string const& line : lines_of(beside(path, "stream.bin", "decoded.jsonl"))) {
                const bj::value one = oracle(line);
                events.emplace_back(text_at(one.at("headers"), ":event-type"), one.at("payload"));
            }
            check_stream(read_file(path), of_events(events));
        }
    }
}

BOOST_AUTO_TEST_CASE(streams_recorded_without_frames)
{
    for (auto const& path : fixtures("bedrock/converse", ".chunks.txt")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            std::vector<std::pair<std::string, bj::value>> events;
            std::string bytes;
            for (std::string const& line : lines_of(read_file(path))) {
                const bj::value one = oracle(line);
                auto const& member = *one.as_object().begin();
                events.emplace_back(std::string(member.key()), member.value());
                bytes += aws_event(events.back().first, std::string(bj::serialize(member.value())));
            }
            check_stream(bytes, of_events(events));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::bedrock

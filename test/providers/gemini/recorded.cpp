#include "test/providers/gemini/support.hpp"

#include <map>
#include <set>
#include <sstream>

namespace cogate::test::google {

namespace {

std::vector<bj::value> parts_of(bj::value const& candidate)
{
    std::vector<bj::value> out;
    bj::value const* content = at(candidate, "content");
    bj::value const* parts = content == nullptr ? nullptr : at(*content, "parts");
    if (parts != nullptr && parts->is_array()) {
        out.assign(parts->as_array().begin(), parts->as_array().end());
    }
    return out;
}

bool is_thought(bj::value const& part)
{
    bj::value const* found = at(part, "thought");
    return found != nullptr && found->is_bool() && found->as_bool();
}

/// What the recorded answers say of their first candidate, put together by other means than ours.
struct meaning {
    std::string text;
    std::string thoughts;
    std::vector<std::pair<std::string, bj::value>> calls;
    std::set<std::string> signatures;
    std::string reason;
    bj::value usage;
    bool in_pieces = false;

    void add(bj::value const& answer)
    {
        if (bj::value const* list = at(answer, "candidates")) {
            for (bj::value const& candidate : list->as_array()) {
                for (bj::value const& part : parts_of(candidate)) {
                    add_part(part);
                }
                bj::value const* why = at(candidate, "finishReason");
                if (why != nullptr) {
                    reason = why->is_string() ? to_std(why->as_string())
                                              : "MAX_TOKENS"; // the only number recorded is 2
                }
            }
        }
        if (bj::value const* tokens = at(answer, "usageMetadata");
            tokens != nullptr && at(*tokens, "promptTokenCount")) {
            usage = *tokens;
        }
    }

private:
    void add_part(bj::value const& part)
    {
        (is_thought(part) ? thoughts : text) += text_at(part, "text");
        if (const std::string s = text_at(part, "thoughtSignature"); !s.empty()) {
            signatures.insert(s);
        }
        if (bj::value const* call = at(part, "functionCall")) {
            in_pieces =
                in_pieces || at(*call, "willContinue") != nullptr || at(*call, "partialArgs") != nullptr;
            if (!text_at(*call, "name").empty()) {
                bj::value const* args = at(*call, "args");
                calls.emplace_back(text_at(*call, "name"), args == nullptr ? bj::value(bj::object()) : *args);
            }
        }
    }
};

void check(chat_response const& ours, meaning const& theirs)
{
    BOOST_REQUIRE_EQUAL(ours.choices.size(), 1U);
    chat_choice const& choice = ours.choices[0];
    BOOST_TEST(choice.message.text() == theirs.text);
    BOOST_TEST(choice.message.reasoning() == theirs.thoughts);
    BOOST_REQUIRE_EQUAL(choice.message.tool_calls.size(), theirs.calls.size());
    std::set<std::string> signatures;
    std::set<std::string> ids;
    for (std::size_t i = 0; i != theirs.calls.size(); ++i) {
        tool_call const& call = choice.message.tool_calls[i];
        BOOST_TEST(call.name == theirs.calls[i].first);
        const bj::value arguments = oracle(call.arguments);
        BOOST_TEST(arguments.is_object());
        if (!theirs.in_pieces) {
            BOOST_TEST((arguments == theirs.calls[i].second));
        }
        BOOST_TEST(!call.id.empty());
        ids.insert(call.id);
        signatures.insert(call.signature);
    }
    BOOST_TEST(ids.size() == theirs.calls.size());
    for (content_part const& part : choice.message.content) {
        if (auto const* thought = std::get_if<reasoning_part>(&part)) {
            auto const opened = providers::open_seal(thought->signature);
            signatures.insert(opened ? std::string(opened->data) : std::string());
        } else if (auto const* own = std::get_if<unknown_part>(&part)) {
            signatures.insert(text_at(oracle(own->value.text), "thoughtSignature"));
        }
    }
    signatures.erase("");
    BOOST_TEST((signatures == theirs.signatures));
    const finish_reason expected = theirs.reason == "MAX_TOKENS"    ? finish_reason::length
                                   : !theirs.calls.empty()          ? finish_reason::tool_calls
                                   : theirs.reason == "MODEL_ARMOR" ? finish_reason::content_filter
                                                                    : finish_reason::stop;
    BOOST_TEST((choice.finish_reason == expected));
    if (theirs.usage.is_object()) {
        bj::value const& u = theirs.usage;
        BOOST_TEST(ours.usage.reported);
        BOOST_TEST(ours.usage.prompt_tokens ==
                   number_at(u, "promptTokenCount") + number_at(u, "toolUsePromptTokenCount"));
        BOOST_TEST(ours.usage.reasoning_tokens == number_at(u, "thoughtsTokenCount"));
        BOOST_TEST(ours.usage.completion_tokens ==
                   number_at(u, "candidatesTokenCount") + number_at(u, "thoughtsTokenCount"));
        BOOST_TEST(ours.usage.cached_tokens == number_at(u, "cachedContentTokenCount"));
        BOOST_TEST(ours.usage.total_tokens == number_at(u, "totalTokenCount"));
    }
}

void check_stream(std::string const& bytes, meaning const& theirs)
{
    check_splits(bytes);
    decoded_stream const ours = decode_stream(bytes);
    BOOST_REQUIRE_MESSAGE(!ours.error, (ours.error ? (*ours.error)->message : ""));
    check(fold(ours.chunks), theirs);
    const auto counts = std::count_if(ours.chunks.begin(), ours.chunks.end(),
                                      [](auto const& c) { return c.usage.has_value(); });
    BOOST_TEST(counts == (theirs.usage.is_object() ? 1 : 0));

    // Through our server half and back the meaning stays.
    chat_request thinking;
    thinking.reasoning.summary = "auto";
    auto const writer =
        providers::gemini::server().write_chat_stream({thinking, "m", "id", 0, {.query = "alt=sse"}});
    std::string again;
    for (chat_chunk const& chunk : ours.chunks) {
        writer->write(chunk, again);
    }
    writer->end(again);
    decoded_stream const reread = decode_stream(again);
    BOOST_REQUIRE_MESSAGE(!reread.error, (reread.error ? (*reread.error)->message : ""));
    check(fold(reread.chunks), theirs);
}

std::int64_t status_of(std::filesystem::path const& answer)
{
    std::string meta = answer.string();
    meta.replace(meta.find(".response.json"), std::string::npos, ".meta.json");
    const std::string text = read_file(meta);
    return text.empty() ? 0 : number_at(oracle(text), "status");
}

void check_error(std::filesystem::path const& path, std::string const& body)
{
    const std::int64_t code = number_at(oracle(body).at("error"), "code");
    const std::int64_t status = status_of(path) == 0 ? code : status_of(path);
    const failure f = providers::gemini::client().decode_error(static_cast<int>(status), {}, body, {});
    const bool bad_key = body.find("API_KEY_INVALID") != std::string::npos;
    const error_kind expected = bad_key         ? error_kind::authentication
                                : status == 404 ? error_kind::not_found
                                : status == 429 ? error_kind::rate_limit
                                                : error_kind::invalid_request;
    BOOST_TEST((f->kind == expected));
    BOOST_TEST(f->message == text_at(oracle(body).at("error"), "message"));
    BOOST_TEST(f->retry_after.has_value() == (body.find("retryDelay") != std::string::npos));
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_gemini_recorded)

BOOST_AUTO_TEST_CASE(answers)
{
    std::size_t seen = 0;
    for (char const* folder : chat_folders) {
        for (auto const& path : fixtures(folder, ".response.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                ++seen;
                const std::string body = read_file(path);
                const bj::value theirs = oracle(body);
                meaning sum;
                if (theirs.is_array()) { // streamed without alt=sse
                    for (bj::value const& one : theirs.as_array()) {
                        sum.add(one);
                    }
                    check_stream(body, sum);
                    continue;
                }
                result<chat_response> const ours = decode(body);
                if (at(theirs, "error") != nullptr) {
                    BOOST_TEST(!ours.has_value());
                    check_error(path, body);
                    continue;
                }
                BOOST_REQUIRE_MESSAGE(ours.has_value(), (ours ? "" : ours.error()->message));
                sum.add(theirs);
                check(*ours, sum);
                BOOST_TEST(ours->id == text_at(theirs, "responseId"));
                BOOST_TEST(ours->model == text_at(theirs, "modelVersion"));
                chat_request thinking;
                thinking.reasoning.summary = "auto";
                std::string written;
                providers::gemini::server().write_chat(*ours, {thinking, "m", "id"}, written);
                result<chat_response> const again = decode(written);
                BOOST_REQUIRE(again.has_value());
                BOOST_TEST((*again == *ours));
            }
        }
    }
    BOOST_TEST_MESSAGE((seen == 0 ? "skipped: no recorded answers here" : ""));
    BOOST_TEST((seen == 0 || seen > 30));
}

BOOST_AUTO_TEST_CASE(streams)
{
    std::size_t seen = 0;
    for (char const* folder : chat_folders) {
        for (auto const& path : fixtures(folder, ".stream.txt")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string bytes = read_file(path);
                meaning sum;
                std::istringstream in(bytes);
                for (std::string line; std::getline(in, line);) {
                    if (line.starts_with("data:")) {
                        sum.add(oracle(line.substr(5)));
                    }
                }
                check_stream(bytes, sum);
                ++seen;
            }
        }
        for (auto const& path : fixtures(folder, ".chunks.txt")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                std::vector<std::string> events;
                meaning sum;
                std::istringstream in(read_file(path));
                for (std::string line; std::getline(in, line);) {
                    if (!line.empty()) {
                        events.push_back(line);
                        sum.add(oracle(line));
                    }
                }
                check_stream(sse(events), sum);
                ++seen;
            }
        }
    }
    BOOST_TEST_MESSAGE((seen == 0 ? "skipped: no recorded streams here" : ""));
    BOOST_TEST((seen == 0 || seen > 20));
}

BOOST_AUTO_TEST_CASE(token_counts)
{
    for (char const* folder : {"gemini/count-tokens", "vertex/count-tokens"}) {
        for (auto const& path : fixtures(folder, ".request.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                auto const read =
                    providers::gemini::count_tokens_lane().read(read_file(path), {.model = "m"});
                BOOST_TEST(read.has_value());
            }
        }
        for (auto const& path : fixtures(folder, ".response.json")) {
            auto const facts = providers::gemini::count_tokens_lane().inspect(read_file(path));
            BOOST_REQUIRE(facts.has_value());
            BOOST_TEST(facts->content_seen);
        }
    }
}

BOOST_AUTO_TEST_CASE(embeddings)
{
    provider_context const context("gemini-embedding-2");
    providers::embedding_codec const& codec = *providers::gemini::client().embeddings();
    for (auto const& path : fixtures("gemini/batch-embed", ".response.json")) {
        BOOST_TEST_CONTEXT(label(path))
        {
            const std::string body = read_file(path);
            auto const ours = codec.decode({.body = body}, {}, context);
            if (at(oracle(body), "error") != nullptr) {
                BOOST_TEST(!ours.has_value());
                check_error(path, body);
                continue;
            }
            BOOST_REQUIRE(ours.has_value());
            BOOST_TEST(ours->data.size() == oracle(body).at("embeddings").as_array().size());
            BOOST_TEST(ours->data[0].values.size() ==
                       oracle(body).at("embeddings").at(0).at("values").as_array().size());
        }
    }
    for (auto const& path : fixtures("gemini/batch-embed", ".request.json")) {
        BOOST_TEST_CONTEXT(label(path))
        {
            const bj::value theirs = oracle(read_file(path));
            embedding_request r;
            std::vector<std::string> texts;
            for (bj::value const& one : theirs.at("requests").as_array()) {
                texts.push_back(text_at(one.at("content").at("parts").at(0), "text"));
                if (at(one, "outputDimensionality") != nullptr) {
                    r.dimensions = number_at(one, "outputDimensionality");
                }
                if (at(one, "taskType") != nullptr) {
                    r.extra.set("taskType", {'"' + text_at(one, "taskType") + '"'});
                }
            }
            r.input = texts;
            const std::string model = text_at(theirs.at("requests").at(0), "model").substr(7);
            auto const encoded = codec.encode(r, provider_context(model));
            BOOST_REQUIRE(encoded.has_value());
            BOOST_TEST((oracle(encoded->body) == theirs));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google

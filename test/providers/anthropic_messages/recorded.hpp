#pragma once
/// What the tests over recorded traffic share.

#include "test/providers/anthropic_messages/support.hpp"

#include <map>
#include <set>
#include <sstream>

namespace cogate::test::anthropic {

/// Recorded bodies that the tests below do not compare in full, and why.
inline const std::map<std::string, std::string> exceptions = {
    {"batches/rl-batch-with-anthropic-claude-haiku-4-5-answers-staged-chats-and-appends-the-answers-to-their-"
     "conversations-1.response.json",
     "a batch's state, which is no message: only refused as an answer"},
    {"batches/rl-batch-with-anthropic-claude-haiku-4-5-cancels-a-running-batch-1.response.json",
     "a batch's state, which is no message: only refused as an answer"},
    {"batches/rl-batch-with-anthropic-claude-haiku-4-5-cancels-a-running-batch-1.request.json",
     "asks to cancel a batch: no request of this dialect, only refused as one"},
    {"complete-legacy/ol-anthropic-completion-legacy-0.request.json",
     "the older text completion: no request of this dialect, only refused as one"},
    {"complete-legacy/ol-anthropic-completion-legacy-0.response.json",
     "the older text completion: only refused as an answer"},
    {"messages/vc-spliced-message-start.chunks.txt",
     "the provider begins anew within a tool call: what was told of it cannot be taken back"},
};

inline std::string label(std::filesystem::path const& path)
{
    return path.parent_path().filename().string() + "/" + path.filename().string();
}

inline bool excepted(std::filesystem::path const& path)
{
    return exceptions.contains(label(path));
}

inline int status_of(std::filesystem::path const& path)
{
    const std::string name = path.string();
    const std::string meta =
        read_file(name.substr(0, name.size() - std::string("response.json").size()) + "meta.json");
    return meta.empty() ? 0 : static_cast<int>(number_at(oracle(meta), "status"));
}

/// Spellings without meaning, taken out of a message's blocks.
inline bj::array normal_content(bj::value const& content)
{
    bj::array out;
    for (bj::value block : content.as_array()) {
        bj::object& members = block.as_object();
        if (text_at(block, "type") == "text") {
            bj::value const* cited = members.if_contains("citations");
            if (cited != nullptr && (cited->is_null() || (cited->is_array() && cited->as_array().empty()))) {
                members.erase("citations");
            }
            if (text_at(block, "text").empty()) {
                continue;
            }
        }
        out.push_back(std::move(block));
    }
    return out;
}

inline std::string our_word(finish_reason why)
{
    switch (why) {
    case finish_reason::stop: return "stop";
    case finish_reason::length: return "length";
    case finish_reason::tool_calls: return "tool_calls";
    case finish_reason::content_filter: return "content_filter";
    default: return "?";
    }
}

inline std::string meaning(std::string const& stop_reason)
{
    static const std::map<std::string, std::string> words = {
        {"end_turn", "stop"},     {"stop_sequence", "stop"},  {"pause_turn", "stop"},
        {"max_tokens", "length"}, {"tool_use", "tool_calls"}, {"refusal", "content_filter"}};
    return words.at(stop_reason);
}

inline void check_usage(usage const& ours, bj::value const& theirs)
{
    const std::int64_t read = number_at(theirs, "cache_read_input_tokens");
    const std::int64_t write = number_at(theirs, "cache_creation_input_tokens");
    BOOST_TEST(ours.reported);
    BOOST_TEST(ours.prompt_tokens == number_at(theirs, "input_tokens") + read + write);
    BOOST_TEST(ours.completion_tokens == number_at(theirs, "output_tokens"));
    BOOST_TEST(ours.total_tokens == ours.prompt_tokens + ours.completion_tokens);
    BOOST_TEST(ours.cached_tokens == read);
    BOOST_TEST(ours.cache_write_tokens == write);
    if (bj::value const* details = at(theirs, "output_tokens_details")) {
        BOOST_TEST(ours.reasoning_tokens == number_at(*details, "thinking_tokens"));
    }
    if (bj::value const* search = at(theirs, "server_tool_use")) {
        BOOST_TEST((oracle(ours.extra.find("server_tool_use")->text) == *search));
    }
}

inline void check_message(chat_response const& ours, bj::value const& theirs)
{
    BOOST_TEST(ours.id == text_at(theirs, "id"));
    BOOST_TEST(ours.model == text_at(theirs, "model"));
    BOOST_REQUIRE_EQUAL(ours.choices.size(), 1U);
    chat_choice const& choice = ours.choices[0];
    BOOST_TEST(our_word(choice.finish_reason) == meaning(text_at(theirs, "stop_reason")));
    BOOST_TEST(choice.stop_sequence == text_at(theirs, "stop_sequence"));
    std::string text;
    std::string thinking;
    std::vector<bj::value> calls;
    for (bj::value const& block : theirs.at("content").as_array()) {
        const std::string type = text_at(block, "type");
        text += type == "text" ? text_at(block, "text") : "";
        thinking += type == "thinking" ? text_at(block, "thinking") : "";
        if (type == "tool_use") {
            calls.push_back(block);
        }
    }
    BOOST_TEST(choice.message.text() == text);
    BOOST_TEST(choice.message.reasoning() == thinking);
    BOOST_REQUIRE_EQUAL(choice.message.tool_calls.size(), calls.size());
    for (std::size_t i = 0; i != calls.size(); ++i) {
        BOOST_TEST(choice.message.tool_calls[i].id == text_at(calls[i], "id"));
        BOOST_TEST(choice.message.tool_calls[i].name == text_at(calls[i], "name"));
        bj::value const& input = calls[i].at("input");
        if (input.is_string()) { // cut off: see rebuilt_message
            BOOST_TEST(choice.message.tool_calls[i].arguments == plain(input.as_string()));
        } else {
            BOOST_TEST((oracle(choice.message.tool_calls[i].arguments) == input));
        }
    }
    check_usage(ours.usage, theirs.at("usage"));
    for (char const* name : {"container", "context_management"}) {
        if (bj::value const* found = at(theirs, name)) {
            BOOST_REQUIRE_MESSAGE(ours.extra.find(name) != nullptr, "lost member " << name);
            BOOST_TEST((oracle(ours.extra.find(name)->text) == *found));
        }
    }
    if (bj::value const* details = at(theirs, "stop_details")) {
        BOOST_TEST((oracle(choice.extra.find("stop_details")->text) == *details));
    }
}

/// What our server says of the answer, in comparison with what the provider said.
inline void check_written(chat_response const& ours, bj::value const& theirs)
{
    const bj::value out = oracle(written(ours));
    BOOST_TEST((normal_content(out.at("content")) == normal_content(theirs.at("content"))),
               bj::serialize(out.at("content")));
    BOOST_TEST(text_at(out, "stop_reason") == text_at(theirs, "stop_reason"));
    bj::value const& counts = theirs.at("usage");
    for (auto const& member : counts.as_object()) {
        const std::string key = plain(bj::string(member.key()));
        bj::value const* const found = at(out.at("usage"), key);
        // A count of no thinking is left out.
        if (!member.value().is_null() && member.value() != bj::value(bj::object{{"thinking_tokens", 0}})) {
            BOOST_TEST((found != nullptr && *found == member.value()), "usage." << key);
        }
    }
}

/// A whole answer's citations where a stream has them.
inline chat_response with_streamed_citations(chat_response answer)
{
    answer = comparable(std::move(answer));
    std::string all;
    message& m = answer.choices.at(0).message;
    for (content_part& part : m.content) {
        if (auto* text = std::get_if<text_part>(&part); text != nullptr && !text->citations.empty()) {
            std::string const& list = text->citations.text;
            all += (all.empty() ? "" : ",") + list.substr(1, list.size() - 2);
            text->citations = {};
        }
    }
    std::erase_if(m.content, [](content_part const& part) {
        auto const* text = std::get_if<text_part>(&part);
        return text != nullptr && text->text.empty();
    });
    if (!all.empty()) {
        m.extra.set("citations", raw_json{bj::serialize(oracle("[" + all + "]"))});
    }
    // Values that are kept as text, in one spelling.
    for (content_part& part : m.content) {
        if (auto* other = std::get_if<unknown_part>(&part)) {
            other->value.text = bj::serialize(oracle(other->value.text));
        }
    }
    for (tool_call& call : m.tool_calls) {
        boost::system::error_code bad;
        bj::value const whole = bj::parse(call.arguments, bad);
        call.arguments = bad ? call.arguments : bj::serialize(whole);
    }
    const auto respell = [](extra_fields& fields) {
        extra_fields out;
        for (auto const& [key, value] : fields) {
            out.set(key, raw_json{bj::serialize(oracle(value.text))});
        }
        fields = std::move(out);
    };
    respell(m.extra);
    respell(answer.extra);
    respell(answer.choices[0].extra);
    if (!m.annotations.empty()) {
        m.annotations.text = bj::serialize(oracle(m.annotations.text));
    }
    answer.usage.extra = {}; // compared by check_usage; a stream tells it piece by piece
    m.content_is_text = false;
    answer.choices[0].native_finish_reason.clear();
    answer.choices[0].stop_sequence.clear();
    return answer;
}

inline bool same_meaning(chat_response const& a, chat_response const& b)
{
    chat_response const left = with_streamed_citations(a);
    chat_response const right = with_streamed_citations(b);
    BOOST_TEST((left.choices.at(0).message.content == right.choices.at(0).message.content));
    BOOST_TEST((left.choices.at(0).message.tool_calls == right.choices.at(0).message.tool_calls));
    BOOST_TEST((left.choices.at(0).message.annotations == right.choices.at(0).message.annotations),
               left.choices.at(0).message.annotations.text << "\n"
                                                           << right.choices.at(0).message.annotations.text);
    BOOST_TEST((left.extra == right.extra));
    BOOST_TEST((left.usage == right.usage));
    return left == right;
}

} // namespace cogate::test::anthropic

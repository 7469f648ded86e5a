#include "providers/anthropic_messages/model_family.hpp"
#include "test/providers/anthropic_messages/support.hpp"

#include <map>
#include <set>
#include <sstream>

namespace cogate::test::anthropic {

namespace {

/// Recorded bodies that the tests below do not compare in full, and why.
const std::map<std::string, std::string> exceptions = {
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

std::string label(std::filesystem::path const& path)
{
    return path.parent_path().filename().string() + "/" + path.filename().string();
}

bool excepted(std::filesystem::path const& path)
{
    return exceptions.contains(label(path));
}

int status_of(std::filesystem::path const& path)
{
    const std::string name = path.string();
    const std::string meta =
        read_file(name.substr(0, name.size() - std::string("response.json").size()) + "meta.json");
    return meta.empty() ? 0 : static_cast<int>(number_at(oracle(meta), "status"));
}

/// Spellings without meaning, taken out of a message's blocks.
bj::array normal_content(bj::value const& content)
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

std::string our_word(finish_reason why)
{
    switch (why) {
    case finish_reason::stop: return "stop";
    case finish_reason::length: return "length";
    case finish_reason::tool_calls: return "tool_calls";
    case finish_reason::content_filter: return "content_filter";
    default: return "?";
    }
}

std::string meaning(std::string const& stop_reason)
{
    static const std::map<std::string, std::string> words = {
        {"end_turn", "stop"},     {"stop_sequence", "stop"},  {"pause_turn", "stop"},
        {"max_tokens", "length"}, {"tool_use", "tool_calls"}, {"refusal", "content_filter"}};
    return words.at(stop_reason);
}

void check_usage(usage const& ours, bj::value const& theirs)
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

void check_message(chat_response const& ours, bj::value const& theirs)
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
void check_written(chat_response const& ours, bj::value const& theirs)
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

/// The recorded events of each answer in the file.
std::vector<std::vector<std::string>> answers_in(std::filesystem::path const& path)
{
    std::vector<std::vector<std::string>> out(1);
    std::istringstream in(read_file(path));
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        std::string const data = line.starts_with("data:") ? line.substr(5) : line;
        if (data.find('{') == std::string::npos || line.starts_with("event:")) {
            continue;
        }
        if (!out.back().empty() && out.back().back().find("\"message_stop\"") != std::string::npos) {
            out.emplace_back();
        }
        out.back().push_back(data);
    }
    return out;
}

/// The message that the events make up, by rules of their own.
bj::value rebuilt_message(std::vector<std::string> const& events)
{
    bj::object message;
    std::map<std::int64_t, bj::object> blocks;
    std::map<std::int64_t, std::string> inputs;
    for (std::string const& data : events) {
        bj::value const event = oracle(data);
        const std::string type = text_at(event, "type");
        const std::int64_t index = number_at(event, "index");
        if (type == "message_start") {
            message = event.at("message").as_object();
        } else if (type == "content_block_start") {
            blocks[index] = event.at("content_block").as_object();
        } else if (type == "content_block_delta") {
            bj::object& block = blocks[index];
            for (auto const& member : event.at("delta").as_object()) {
                const std::string key(member.key().data(), member.key().size());
                if (key == "partial_json") {
                    inputs[index] += plain(member.value().as_string());
                } else if (key == "citation") {
                    if (block.if_contains("citations") == nullptr || !block["citations"].is_array()) {
                        block["citations"] = bj::array();
                    }
                    block["citations"].as_array().push_back(member.value());
                } else if (key != "type") {
                    block[key] = member.value().is_string()
                                     ? bj::value(text_at(block, key) + plain(member.value().as_string()))
                                     : member.value();
                }
            }
        } else if (type == "message_delta") {
            for (auto const& member : event.at("delta").as_object()) {
                message[member.key()] = member.value();
            }
            for (auto const& member : event.as_object()) {
                if (member.key() != "type" && member.key() != "delta" && member.key() != "usage") {
                    message[member.key()] = member.value();
                }
            }
            for (auto const& member : event.at("usage").as_object()) {
                message["usage"].as_object()[member.key()] = member.value();
            }
        }
    }
    bj::array content;
    for (auto& [index, block] : blocks) {
        if (!inputs[index].empty()) {
            boost::system::error_code bad;
            bj::value const whole = bj::parse(inputs[index], bad);
            block["input"] = bad ? bj::value(inputs[index]) : whole;
        }
        content.push_back(block);
    }
    message["content"] = std::move(content);
    return message;
}

void check_splits(std::string const& bytes, decoded_stream const& whole)
{
    const auto same = [&](std::vector<std::size_t> const& cuts) {
        decoded_stream const split = decode_stream(bytes, cuts);
        return split.chunks == whole.chunks && split.error.has_value() == whole.error.has_value();
    };
    if (bytes.size() < 3000) {
        for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
            if (!same({cut})) {
                BOOST_ERROR("differs when split at " << cut);
                return;
            }
        }
        return;
    }
    seeded random(bytes.size());
    for (int round = 0; round != 4; ++round) {
        std::set<std::size_t> cuts;
        for (int i = 0; i != 40; ++i) {
            cuts.insert(1 + random.below(bytes.size() - 1));
        }
        BOOST_TEST(same({cuts.begin(), cuts.end()}));
    }
}

/// A whole answer's citations where a stream has them.
chat_response with_streamed_citations(chat_response answer)
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

bool same_meaning(chat_response const& a, chat_response const& b)
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

/// What we add or may spell otherwise, made equal on both sides.
bj::value normal_request(bj::value request)
{
    bj::object& root = request.as_object();
    if (bj::value const* stream = root.if_contains("stream");
        stream != nullptr && *stream == bj::value(false)) {
        root.erase("stream");
    }
    if (bj::value const* older = root.if_contains("output_format")) {
        bj::value const format = *older;
        root.erase("output_format");
        root["output_config"] = bj::object{{"format", format}};
    }
    if (bj::value* tools = root.if_contains("tools")) {
        for (bj::value& t : tools->as_array()) {
            if (text_at(t, "description").empty()) {
                t.as_object().erase("description");
            }
        }
    }
    for (bj::value& m : root["messages"].as_array()) {
        if (!m.at("content").is_array()) {
            continue;
        }
        for (bj::value& block : m.at("content").as_array()) {
            bj::object& members = block.as_object();
            if (bj::value const* failed = members.if_contains("is_error");
                failed != nullptr && *failed == bj::value(false)) {
                members.erase("is_error");
            }
        }
    }
    return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_recorded)

BOOST_AUTO_TEST_CASE(what_is_not_compared)
{
    for (auto const& [name, reason] : exceptions) {
        BOOST_TEST_MESSAGE("not compared: " << name << ": " << reason);
        const auto shared = shared_dir();
        BOOST_TEST((!shared || std::filesystem::exists(*shared / "fixtures/anthropic" / name)), name);
    }
}

BOOST_AUTO_TEST_CASE(whole_answers)
{
    std::size_t answers = 0;
    std::size_t errors = 0;
    for (char const* folder : {"messages", "batches", "complete-legacy"}) {
        for (auto const& path : fixtures(folder, ".response.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string body = read_file(path);
                const bj::value theirs = oracle(body);
                auto const ours = dialect::client().decode_chat({.body = body}, provider_context());
                if (text_at(theirs, "type") == "error" || excepted(path)) {
                    BOOST_TEST(!ours.has_value());
                    ++errors;
                    continue;
                }
                BOOST_REQUIRE_MESSAGE(ours.has_value(), (ours ? "" : ours.error()->message));
                check_message(*ours, theirs);
                check_written(*ours, theirs);
                BOOST_TEST(same_meaning(decoded(written(*ours)), *ours));
                auto const facts = dialect::server().chat_express().inspect(body);
                BOOST_REQUIRE(facts.has_value());
                BOOST_TEST((facts->usage == ours->usage));
                ++answers;
            }
        }
    }
    BOOST_TEST_MESSAGE("recorded answers: " << answers << ", errors: " << errors);
    BOOST_TEST((answers == 0 || (answers > 30 && errors >= 5)));
}

BOOST_AUTO_TEST_CASE(answers_of_a_batch)
{
    for (auto const& path : fixtures("batches", ".response.jsonl")) {
        std::istringstream in(read_file(path));
        for (std::string line; std::getline(in, line);) {
            bj::value const theirs = oracle(line).at("result").at("message");
            chat_response const ours = decoded(bj::serialize(theirs));
            check_message(ours, theirs);
            check_written(ours, theirs);
            BOOST_TEST(ours.service_tier == "batch");
        }
    }
}

BOOST_AUTO_TEST_CASE(errors)
{
    const std::map<int, error_kind> kinds = {{401, error_kind::authentication}, {404, error_kind::not_found}};
    for (char const* folder : {"messages", "count-tokens"}) {
        for (auto const& path : fixtures(folder, ".response.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string body = read_file(path);
                const bj::value theirs = oracle(body);
                const int status = status_of(path);
                if (text_at(theirs, "type") != "error") {
                    continue;
                }
                failure const why = dialect::client().decode_error(status, {}, body, {});
                BOOST_TEST(why->message == text_at(theirs.at("error"), "message"));
                BOOST_TEST(why->upstream_request_id == text_at(theirs, "request_id"));
                BOOST_TEST(
                    (why->kind == (status == 400 ? error_kind::context_window_exceeded : kinds.at(status))));
                std::string out;
                dialect::server().write_error(why, out);
                BOOST_TEST((oracle(out) == theirs));
                BOOST_TEST(dialect::server().error_status(why) == status);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(streams)
{
    std::size_t good = 0;
    for (char const* ending : {".stream.txt", ".chunks.txt"}) {
        for (auto const& path : fixtures("messages", ending)) {
            for (std::vector<std::string> const& events : answers_in(path)) {
                BOOST_TEST_CONTEXT(label(path))
                {
                    const std::string bytes = as_events(events);
                    decoded_stream const ours = decode_stream(bytes);
                    check_splits(bytes, ours);
                    BOOST_REQUIRE_MESSAGE(!ours.error, (ours.error ? (*ours.error)->message : ""));
                    if (excepted(path)) {
                        message const m = fold(ours.chunks).choices.at(0).message;
                        BOOST_TEST(m.tool_calls.back().id == "toolu_second");
                        BOOST_TEST(m.tool_calls.back().arguments == R"({"value":"Sparkle Day"})");
                        continue;
                    }
                    bj::value const theirs = rebuilt_message(events);
                    chat_response const whole = fold(ours.chunks);
                    chat_response compared = whole;
                    compared.choices.at(0).stop_sequence = text_at(theirs, "stop_sequence");
                    check_message(compared, theirs);
                    bool const cut_off = text_at(theirs, "stop_reason") == "max_tokens";
                    BOOST_TEST((cut_off || same_meaning(whole, decoded(bj::serialize(theirs)))));
                    std::size_t counts = 0;
                    for (chat_chunk const& chunk : ours.chunks) {
                        counts += chunk.usage ? 1 : 0;
                    }
                    BOOST_TEST(counts == 1U);

                    // Through our server and back.
                    const std::string sent_on = stream_of(ours.chunks);
                    rebuilt(sent_on);
                    decoded_stream const again = decode_stream(sent_on);
                    BOOST_REQUIRE(!again.error);
                    BOOST_TEST(same_meaning(fold(again.chunks), whole));

                    auto const relay = dialect::server().chat_express().relay({});
                    for (std::string const& data : events) {
                        relay->on_event(data);
                    }
                    BOOST_TEST(relay->finish().has_value());
                    BOOST_TEST((relay->facts().usage == whole.usage));
                    ++good;
                }
            }
        }
    }
    BOOST_TEST_MESSAGE("recorded streams: " << good);
    BOOST_TEST((good == 0 || good > 35));
}

BOOST_AUTO_TEST_CASE(recorded_framing)
{
    for (auto const& path : fixtures("messages", ".stream.txt")) {
        BOOST_TEST_CONTEXT(label(path))
        {
            decoded_stream const ours = decode_stream(read_file(path));
            BOOST_TEST(!ours.error);
            BOOST_TEST((ours.chunks == decode_stream(as_events(answers_in(path).at(0))).chunks));
        }
    }
}

BOOST_AUTO_TEST_CASE(requests)
{
    std::size_t seen = 0;
    for (char const* folder : {"messages", "batches", "complete-legacy"}) {
        for (auto const& path : fixtures(folder, ".request.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string body = read_file(path);
                auto const read = dialect::server().parse_chat(body, {});
                if (excepted(path)) {
                    BOOST_TEST(!read.has_value());
                    continue;
                }
                BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error()->message));
                const bj::value ours =
                    normal_request(sent(read->request, provider_context(read->request.model, read->stream)));
                const bj::value theirs = normal_request(oracle(body));
                BOOST_CHECK_MESSAGE(ours == theirs, bj::serialize(ours) << "\n  instead of\n"
                                                                        << bj::serialize(theirs));
                auto const express = dialect::server().chat_express().read(body, {});
                BOOST_REQUIRE(express.has_value());
                BOOST_TEST((*express)->facts().model == read->request.model);
                BOOST_TEST((*express)->facts().stream == read->stream);
                providers::spliced_body spliced;
                (*express)->splice("other", spliced);
                bj::value changed = oracle(body);
                changed.as_object()["model"] = "other";
                BOOST_TEST((oracle(joined(spliced)) == changed));
                ++seen;
            }
        }
    }
    BOOST_TEST_MESSAGE("recorded requests: " << seen);
}

BOOST_AUTO_TEST_CASE(counted_tokens)
{
    for (auto const& path : fixtures("count-tokens", ".request.json")) {
        BOOST_TEST_CONTEXT(label(path))
        {
            const std::string body = read_file(path);
            auto const read = dialect::count_tokens_lane().read(body, {});
            BOOST_REQUIRE(read.has_value());
            providers::spliced_body spliced;
            (*read)->splice((*read)->facts().model, spliced);
            BOOST_TEST(joined(spliced) == body);
        }
    }
    for (auto const& path : fixtures("count-tokens", ".response.json")) {
        BOOST_TEST_CONTEXT(label(path))
        {
            const std::string body = read_file(path);
            auto const facts = dialect::count_tokens_lane().inspect(body);
            BOOST_REQUIRE(facts.has_value());
            BOOST_TEST(facts->error.has_value() == (body.find("\"error\"") != std::string::npos));
        }
    }
}

BOOST_AUTO_TEST_CASE(families_are_as_the_provider_lists_them)
{
    using providers::anthropic_messages::effort_range;
    using providers::anthropic_messages::thinking_mode;
    for (auto const& path : fixtures("models", ".response.json")) {
        bj::value const list = oracle(read_file(path));
        for (bj::value const& model : list.at("data").as_array()) {
            auto const& family = providers::anthropic_messages::family_of(text_at(model, "id"));
            bj::value const& can = model.at("capabilities");
            const auto supported = [&](bj::value const& what) { return what.at("supported").as_bool(); };
            bj::value const& effort = can.at("effort");
            BOOST_TEST_CONTEXT(text_at(model, "id"))
            {
                BOOST_TEST(family.max_output == number_at(model, "max_tokens"));
                BOOST_TEST(family.structured_output == supported(can.at("structured_outputs")));
                BOOST_TEST((family.effort != effort_range::none) == supported(effort));
                BOOST_TEST((family.effort >= effort_range::max) == supported(effort.at("max")));
                BOOST_TEST((family.effort == effort_range::xhigh) == supported(effort.at("xhigh")));
                bj::value const& types = can.at("thinking").at("types");
                const bool adaptive = supported(types.at("adaptive"));
                const bool enabled = supported(types.at("enabled"));
                BOOST_TEST((family.thinking == (adaptive && enabled ? thinking_mode::both
                                                : adaptive          ? thinking_mode::adaptive
                                                                    : thinking_mode::budget)));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic

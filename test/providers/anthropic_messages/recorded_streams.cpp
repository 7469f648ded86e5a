#include "test/providers/anthropic_messages/recorded.hpp"

namespace cogate::test::anthropic {

namespace {

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

} // namespace

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_recorded_streams)

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
                    check_splits_of(dialect::client(), bytes);
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

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic

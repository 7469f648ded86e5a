#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

namespace bj = boost::json;

namespace {

bj::value const* at(bj::value const& in, std::string_view key)
{
    bj::object const* const object = in.if_object();
    bj::value const* const found =
        object == nullptr ? nullptr : object->if_contains(bj::string_view(key.data(), key.size()));
    return found != nullptr && !found->is_null() ? found : nullptr;
}

std::int64_t number_at(bj::value const& in, std::string_view key)
{
    bj::value const* const found = at(in, key);
    // Bedrock writes times as 1784324967.0.
    return found == nullptr || !found->is_number() ? 0
                                                   : static_cast<std::int64_t>(found->to_number<double>());
}

/// The meaning of a Response, read from its items by a way of its own.
struct meaning {
    std::string text, reasoning, encrypted;
    std::vector<std::string> calls; ///< "id name arguments"
    std::vector<std::string> other; ///< types of the other items
    std::size_t annotations = 0;
    friend bool operator==(meaning const&, meaning const&) = default;
    friend std::ostream& operator<<(std::ostream& out, meaning const& m)
    {
        return out << m.text << '|' << m.reasoning << '|' << m.encrypted.size() << '|' << m.calls.size()
                   << '|' << m.other.size() << '|' << m.annotations;
    }
};

void add_pieces(std::string& to, bj::value const* list)
{
    std::string joined;
    for (bj::value const& piece : list == nullptr ? bj::array() : list->as_array()) {
        joined += (joined.empty() ? "" : "\n\n") + text_of(piece, "text");
    }
    to += joined;
}

meaning meaning_of(bj::value const& response)
{
    meaning out;
    for (bj::value const& item : response.at("output").as_array()) {
        const std::string type = text_of(item, "type");
        if (type == "message") {
            for (bj::value const& part : item.at("content").as_array()) {
                out.text += text_of(part, "text");
                bj::value const* const list = at(part, "annotations");
                out.annotations += list == nullptr ? 0 : list->as_array().size();
            }
        } else if (type == "reasoning") {
            bj::value const* const content = at(item, "content");
            const bool raw = content != nullptr && !content->as_array().empty();
            add_pieces(out.reasoning, raw ? content : at(item, "summary"));
            out.encrypted += text_of(item, "encrypted_content");
        } else if (type == "function_call") {
            const std::string arguments = text_of(item, "arguments");
            out.calls.push_back(text_of(item, "call_id") + " " + text_of(item, "name") + " " +
                                (arguments.empty() ? "{}" : arguments));
        } else if (type == "custom_tool_call") {
            out.calls.push_back(text_of(item, "call_id") + " " + text_of(item, "name") + " " +
                                text_of(item, "input"));
        } else {
            out.other.push_back(type);
        }
    }
    return out;
}

meaning meaning_of(chat_response const& response)
{
    meaning out;
    message const& m = response.choices.at(0).message;
    out.text = m.text();
    out.reasoning = m.reasoning();
    for (content_part const& part : m.content) {
        if (auto const* reasoning = std::get_if<reasoning_part>(&part)) {
            out.encrypted += reasoning->redacted;
        } else if (auto const* other = std::get_if<unknown_part>(&part)) {
            out.other.push_back(other->type);
        }
    }
    for (tool_call const& call : m.tool_calls) {
        out.calls.push_back(call.id + " " + call.name + " " + call.arguments);
        if (call.type == "function") {
            BOOST_CHECK_NO_THROW(oracle(call.arguments));
        }
    }
    if (!m.annotations.empty()) {
        out.annotations = oracle(m.annotations.text).as_array().size();
    }
    return out;
}

void check_usage(usage const& ours, bj::value const& response)
{
    bj::value const* const theirs = at(response, "usage");
    BOOST_REQUIRE(theirs != nullptr);
    BOOST_TEST(ours.reported);
    BOOST_TEST(ours.prompt_tokens == number_at(*theirs, "input_tokens"));
    BOOST_TEST(ours.completion_tokens == number_at(*theirs, "output_tokens"));
    BOOST_TEST(ours.total_tokens == number_at(*theirs, "total_tokens"));
    if (bj::value const* details = at(*theirs, "input_tokens_details")) {
        BOOST_TEST(ours.cached_tokens == number_at(*details, "cached_tokens"));
        BOOST_TEST(ours.cache_write_tokens == number_at(*details, "cache_write_tokens"));
    }
    if (bj::value const* details = at(*theirs, "output_tokens_details")) {
        BOOST_TEST(ours.reasoning_tokens == number_at(*details, "reasoning_tokens"));
    }
}

void check_end(chat_response const& ours)
{
    // Every recorded response is complete.
    chat_choice const& choice = ours.choices.at(0);
    const bool calls = !choice.message.tool_calls.empty();
    BOOST_TEST((choice.finish_reason == (calls ? finish_reason::tool_calls : finish_reason::stop)));
}

/// The status that the recording has, 0 without one.
int status_of(std::filesystem::path const& path)
{
    std::string name = path.string();
    name.replace(name.rfind(".response.json"), std::string::npos, ".meta.json");
    const std::string meta = read_file(name);
    return meta.empty() ? 0 : static_cast<int>(number_at(oracle(meta), "status"));
}

void check_error(std::filesystem::path const& path, std::string const& body)
{
    const int status = status_of(path);
    BOOST_TEST(status >= 400);
    failure const why = dialect::client().decode_error(status, {}, body, {});
    const bool key = body.find("API key") != std::string::npos;
    BOOST_TEST((why->kind == (key ? error_kind::authentication : error_kind::invalid_request)));
    BOOST_TEST(!why->message.empty());
    // The same body under status 200 is an error, too.
    BOOST_TEST(!decode(body).has_value());
}

/// Lines of events as event streams, one for each Response in the file. Lines that are no JSON (two are in one
/// hand-made recording) are left out.
std::vector<std::string> framed(std::string const& lines)
{
    std::vector<std::string> out;
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) {
        boost::system::error_code error;
        const bj::value event = bj::parse(line, error);
        if (line.empty() || error) {
            continue;
        }
        if (out.empty() || text_of(event, "type") == "response.created") {
            out.emplace_back();
        }
        out.back() += "data: " + line + "\n\n";
    }
    return out;
}

std::vector<bj::value> payloads(std::string const& bytes)
{
    std::vector<bj::value> out;
    std::istringstream in(bytes);
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("data:") && line.find("[DONE]") == std::string::npos) {
            out.push_back(oracle(std::string_view(line).substr(5)));
        }
    }
    return out;
}

/// What the stream's own item events say, for recordings whose last event repeats nothing.
bj::value last_response(std::string const& bytes)
{
    bj::object response;
    bj::array items;
    for (bj::value const& one : payloads(bytes)) {
        if (text_of(one, "type") == "response.completed") {
            response = one.at("response").as_object();
        } else if (text_of(one, "type") == "response.output_item.done") {
            const auto index = static_cast<std::size_t>(number_at(one, "output_index"));
            if (items.size() <= index) {
                items.resize(index + 1);
            }
            items[index] = one.at("item");
        }
    }
    items.erase(
        std::remove_if(items.begin(), items.end(), [](bj::value const& item) { return item.is_null(); }),
        items.end());
    response["output"] = items;
    return response;
}

template <class Check>
std::size_t each_stream(Check check)
{
    std::size_t seen = 0;
    for (char const* service : services) {
        for (char const* ending : {".stream.txt", ".chunks.txt"}) {
            for (auto const& path : fixtures(std::string(service) + "/responses", ending)) {
                BOOST_TEST_CONTEXT(label(path))
                {
                    const std::string text = read_file(path);
                    const bool whole = std::string_view(ending) == ".stream.txt";
                    for (std::string const& bytes : whole ? std::vector{text} : framed(text)) {
                        check(label(path), bytes);
                        ++seen;
                    }
                }
            }
        }
    }
    return seen;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_responses_recorded)

BOOST_AUTO_TEST_CASE(whole_answers)
{
    std::size_t answers = 0, errors = 0;
    for (char const* service : services) {
        for (auto const& path : fixtures(std::string(service) + "/responses", ".response.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string body = read_file(path);
                const bj::value theirs = oracle(body);
                if (at(theirs, "output") == nullptr) {
                    check_error(path, body);
                    ++errors;
                    continue;
                }
                result<chat_response> const ours = decode(body);
                if (!ours) {
                    BOOST_ERROR(ours.error()->message);
                    continue;
                }
                BOOST_TEST(ours->id == text_of(theirs, "id"));
                BOOST_TEST(ours->model == text_of(theirs, "model"));
                BOOST_TEST(ours->created == number_at(theirs, "created_at"));
                BOOST_TEST(meaning_of(*ours) == meaning_of(theirs));
                check_usage(ours->usage, theirs);
                check_end(*ours);
                // Through our server and back.
                const std::string written = write(*ours);
                result<chat_response> const again = decode(written);
                BOOST_REQUIRE(again.has_value());
                BOOST_TEST((*again == *ours));
                BOOST_TEST(dialect::server().chat_express().inspect(body).value().usage.total_tokens ==
                           ours->usage.total_tokens);
                ++answers;
            }
        }
    }
    if (answers == 0) {
        BOOST_TEST_MESSAGE("skipped: no recorded answers here");
        return;
    }
    BOOST_TEST(answers > 60U);
    BOOST_TEST(errors == 4U);
}

BOOST_AUTO_TEST_CASE(streams)
{
    std::set<std::string> without_end;
    const std::size_t seen = each_stream([&](std::string const& name, std::string const& bytes) {
        decoded_stream const ours = responses::decode_stream(bytes);
        check_splits(bytes);
        if (ours.error) {
            BOOST_TEST(((*ours.error)->kind == error_kind::truncated));
            without_end.insert(name);
            return;
        }
        const bj::value theirs = last_response(bytes);
        const chat_response whole = fold(ours.chunks);
        BOOST_TEST(whole.id == text_of(payloads(bytes).front().at("response"), "id"));
        // Deltas, items and the whole Response all say the same.
        meaning told = meaning_of(whole);
        meaning wanted = meaning_of(theirs);
        if (name.find("file-search") != std::string::npos) {
            wanted.annotations = told.annotations; // its events tell of more than its item has
        }
        BOOST_TEST(told == wanted);
        check_usage(whole.usage, theirs);
        check_end(whole);
        BOOST_TEST(std::count_if(ours.chunks.begin(), ours.chunks.end(),
                                 [](chat_chunk const& c) { return c.usage.has_value(); }) == 1);
        // The decoded Response of the last event means the same as the stream.
        const result<chat_response> last = decode(bj::serialize(theirs));
        BOOST_REQUIRE(last.has_value());
        BOOST_TEST((last->choices[0].message.tool_calls == whole.choices[0].message.tool_calls));
    });
    if (seen == 0) {
        BOOST_TEST_MESSAGE("skipped: no recorded streams here");
        return;
    }
    BOOST_TEST(seen > 50U);
    for (std::string const& name : without_end) {
        BOOST_TEST_MESSAGE("ends without its last event: " << name);
    }
    BOOST_TEST(without_end.size() == 1U);
    BOOST_TEST(without_end.contains("openai/vc-parallel-tool-call-wrapper.1.chunks.txt"));
}

BOOST_AUTO_TEST_CASE(streams_through_our_server)
{
    each_stream([](std::string const&, std::string const& bytes) {
        decoded_stream const ours = responses::decode_stream(bytes);
        if (ours.error) {
            return;
        }
        const chat_response before = fold(ours.chunks);
        const std::string written = write_stream(ours.chunks);
        decoded_stream const again = responses::decode_stream(written);
        BOOST_REQUIRE_MESSAGE(!again.error, (again.error ? (*again.error)->message : ""));
        const chat_response after = fold(again.chunks);
        BOOST_TEST((after == before));
        // The last event's Response says the same as all events together.
        const result<chat_response> last =
            decode(bj::serialize(events_of(written).back().data.at("response")));
        BOOST_REQUIRE(last.has_value());
        BOOST_TEST(meaning_of(*last) == meaning_of(before));
        // And the relay sees the same in the provider's own bytes.
        auto const relay = dialect::server().chat_express().relay({});
        for (bj::value const& one : payloads(bytes)) {
            relay->on_event(bj::serialize(one));
        }
        BOOST_TEST(relay->finish().has_value());
        BOOST_TEST(relay->facts().content_seen);
        BOOST_TEST(relay->facts().usage.total_tokens == before.usage.total_tokens);
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses

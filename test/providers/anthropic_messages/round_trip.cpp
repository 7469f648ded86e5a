#include "test/providers/anthropic_messages/support.hpp"

#include <array>

namespace cogate::test::anthropic {

namespace {

/// Values that this dialect can say, of every kind it has.
class generator {
public:
    explicit generator(std::uint64_t seed) : random_(seed) {}

    std::string text()
    {
        static constexpr std::array<std::string_view, 8> pieces = {
            "a", "\"\\", "\n", "\xC3\xA9", "\xF0\x9F\x98\x80", "{}", "data: ", "\x01"};
        std::string out = "t";
        for (std::size_t n = random_.below(6); n != 0; --n) {
            out += pieces[random_.below(pieces.size())];
        }
        return out + "t";
    }

    std::string object()
    {
        std::string out;
        json::writer json(out);
        json.begin_object().member("k", text()).key("l").begin_array().value(1.5).value(nullptr).end_array();
        json.end_object();
        return out;
    }

    std::optional<cache_mark> mark()
    {
        return random_.one_in(4) ? std::optional(cache_mark{.ttl = random_.one_in(2) ? "1h" : ""})
                                 : std::nullopt;
    }

    extra_fields extra()
    {
        extra_fields out;
        if (random_.one_in(4)) {
            out.set("odd", raw_json{object()});
        }
        return out;
    }

    media_source source(bool document)
    {
        media_source s;
        switch (random_.below(4)) {
        case 0: s.url = "https://e.org/" + std::to_string(random_.below(9)); break;
        case 1: s.file_id = "file_" + std::to_string(random_.below(9)); break;
        case 2:
            s.data = document ? "JVBERi0x" : "iVBORw0KGgo=";
            s.media_type = document ? "application/pdf" : "image/png";
            break;
        default:
            s.data = document ? "YWJj" : "/9j/AAAA";
            s.media_type = document ? "text/plain" : "image/jpeg";
        }
        return s;
    }

    content_part user_part()
    {
        switch (random_.below(4)) {
        case 0: return image_part{.source = source(false), .cache = mark(), .extra = extra()};
        case 1:
            return file_part{.source = source(true),
                             .filename = random_.one_in(2) ? text() : "",
                             .cache = mark(),
                             .extra = extra()};
        case 2:
            return unknown_part{.type = "search_result",
                                .value = {R"({"type":"search_result","title":"t"})"}};
        default: return text_part{.text = text(), .cache = mark(), .extra = extra()};
        }
    }

    content_part assistant_part()
    {
        switch (random_.below(5)) {
        case 0: return reasoning_part{.text = text(), .signature = text()};
        case 1: return reasoning_part{.text = {}, .redacted = text()};
        case 2:
            return unknown_part{.type = "server_tool_use",
                                .value = {R"({"type":"server_tool_use","input":{}})"}};
        case 3:
            return text_part{.text = text(), .citations = {R"([{"type":"char_location","cited_text":"c"}])"}};
        default: return text_part{.text = text()};
        }
    }

    std::vector<tool_call> calls()
    {
        std::vector<tool_call> out;
        for (std::size_t n = random_.below(3); n != 0; --n) {
            out.push_back(tool_call{.id = "toolu_" + std::to_string(counter_++),
                                    .name = "f",
                                    .arguments = object(),
                                    .cache = mark(),
                                    .extra = extra()});
        }
        return out;
    }

    message turn(role who)
    {
        message m{.role = who, .content = {}};
        if (random_.one_in(3)) {
            m.content.emplace_back(text_part{.text = text()});
            return m;
        }
        m.content_is_text = false;
        for (std::size_t n = 1 + random_.below(3); n != 0; --n) {
            m.content.push_back(who == role::assistant ? assistant_part() : user_part());
        }
        return m;
    }

    void push_user(chat_request& r, message m)
    {
        if (!r.messages.empty() && r.messages.back().role == role::tool) {
            m.content_is_text = false; // goes into the message of the results, as a block
        }
        r.messages.push_back(std::move(m));
    }

    chat_request request()
    {
        chat_request r;
        r.extra_dialect = "anthropic_messages";
        r.model = "claude-sonnet-4-6";
        r.include_usage = true;
        r.max_completion_tokens = static_cast<std::int64_t>(1 + random_.below(9000));
        if (random_.one_in(2)) {
            r.messages.push_back(system(text()));
        }
        for (std::size_t n = 1 + random_.below(3); n != 0; --n) {
            push_user(r, turn(role::user));
            r.messages.push_back(turn(role::assistant));
            r.messages.back().tool_calls = calls();
            if (!r.messages.back().tool_calls.empty()) {
                r.messages.back().content_is_text = false;
            }
            for (tool_call const& call : r.messages.back().tool_calls) {
                message result = random_.one_in(2) ? tool_result(call.id, text()) : turn(role::user);
                result.role = role::tool;
                result.tool_call_id = call.id;
                result.tool_error = random_.one_in(3);
                result.cache = mark();
                result.extra = extra();
                r.messages.push_back(std::move(result));
            }
        }
        push_user(r, user("end"));
        options(r);
        return r;
    }

    void options(chat_request& r)
    {
        if (random_.one_in(2)) {
            r.tools.push_back(tool{.name = "f",
                                   .description = text(),
                                   .parameters = {R"({"type":"object"})"},
                                   .cache = mark(),
                                   .extra = extra()});
            r.tools.push_back(tool{.name = "w",
                                   .type = "web_search_20250305",
                                   .definition = {R"({"type":"web_search_20250305","name":"w"})"},
                                   .dialect = "anthropic_messages"});
            static constexpr std::array modes = {tool_choice::mode::automatic, tool_choice::mode::required,
                                                 tool_choice::mode::none, tool_choice::mode::function};
            tool_choice choice{.how = modes[random_.below(modes.size())]};
            choice.name = choice.how == tool_choice::mode::function ? "f" : "";
            if (choice.how != tool_choice::mode::none && random_.one_in(2)) {
                r.parallel_tool_calls = false;
            }
            r.tool_choice = choice;
        }
        if (random_.one_in(2)) {
            r.temperature = number_text::from_json("0.70");
            r.top_p = number_text::from_json("0.5");
            r.top_k = 4;
            r.stop = {text(), "x"};
        }
        switch (random_.below(4)) {
        case 0: r.reasoning.enabled = false; break;
        case 1: r.reasoning = {.budget_tokens = 2000, .enabled = true}; break;
        case 2:
            r.reasoning = {.effort = "max", .enabled = true};
            r.extra.set("thinking", raw_json{R"({"display":"omitted"})"});
            break;
        default: break;
        }
        if (random_.one_in(2)) {
            r.user = text();
            r.service_tier = random_.one_in(2) ? "auto" : "default";
            r.extra.set("container", raw_json{"\"c\""});
        }
        if (random_.one_in(3)) {
            response_format f{.type = response_format::kind::json_schema, .name = "output"};
            f.schema.text = R"({"type":"object","minimum":1})";
            f.strict = true;
            r.response_format = f;
        }
    }

    chat_response response()
    {
        chat_response r{
            .id = "msg_" + std::to_string(random_.below(100)), .created = 0, .model = text(), .choices = {}};
        chat_choice choice;
        choice.message.content_is_text = false;
        for (std::size_t n = random_.below(4); n != 0; --n) {
            choice.message.content.push_back(assistant_part());
        }
        choice.message.tool_calls = calls();
        for (tool_call& call : choice.message.tool_calls) {
            call.cache.reset(); // no such marks in answers
        }
        struct end {
            char const* word;
            finish_reason why;
        };
        static constexpr std::array<end, 4> ends = {{{"end_turn", finish_reason::stop},
                                                     {"max_tokens", finish_reason::length},
                                                     {"tool_use", finish_reason::tool_calls},
                                                     {"refusal", finish_reason::content_filter}}};
        end const& last = ends[random_.below(ends.size())];
        choice.finish_reason = last.why;
        choice.native_finish_reason = last.word;
        if (random_.one_in(4)) {
            choice.stop_sequence = text();
        }
        if (random_.one_in(4)) {
            choice.extra.set("stop_details", raw_json{object()});
        }
        r.choices.push_back(std::move(choice));
        r.usage = usage{.prompt_tokens = 100, .completion_tokens = 50, .total_tokens = 150};
        r.usage.cached_tokens = static_cast<std::int64_t>(random_.below(50));
        r.usage.cache_write_tokens = static_cast<std::int64_t>(random_.below(50));
        r.usage.cache_write_1h_tokens = r.usage.cache_write_tokens / 2;
        r.usage.reasoning_tokens = static_cast<std::int64_t>(random_.below(50));
        r.usage.reported = true;
        r.usage.extra = extra();
        r.service_tier = random_.one_in(2) ? "default" : "";
        if (random_.one_in(3)) {
            r.extra.set("container", raw_json{object()});
        }
        return r;
    }

    seeded& random() noexcept { return random_; }

private:
    seeded random_;
    int counter_ = 0;
};

/// The answer as a stream of small pieces.
std::vector<chat_chunk> cut(chat_response const& r, seeded& random)
{
    std::vector<chat_chunk> out;
    const auto add = [&](chat_delta delta) {
        chat_chunk c{.id = r.id, .created = 0, .model = r.model, .choices = {std::move(delta)}};
        c.service_tier = r.service_tier;
        out.push_back(std::move(c));
    };
    const auto pieces = [&](std::string const& whole, auto const& set) {
        bool first = true;
        for (std::size_t from = 0; from < whole.size();) {
            std::size_t n = 1 + random.below(4);
            while (from + n < whole.size() && (static_cast<unsigned char>(whole[from + n]) & 0xC0) == 0x80) {
                ++n;
            }
            chat_delta d;
            d.begins_part = first;
            first = false;
            set(d, whole.substr(from, n));
            add(std::move(d));
            from += n;
        }
    };
    chat_delta role;
    role.has_role = true;
    add(role);
    chat_choice const& choice = r.choices.at(0);
    for (content_part const& part : choice.message.content) {
        chat_delta d;
        if (auto const* text = std::get_if<text_part>(&part)) {
            pieces(text->text, [](chat_delta& to, std::string piece) { to.content = std::move(piece); });
            if (!text->citations.empty()) {
                d.message_extra.set("citations", text->citations);
            }
        } else if (auto const* thought = std::get_if<reasoning_part>(&part)) {
            pieces(thought->text, [](chat_delta& to, std::string piece) { to.reasoning = std::move(piece); });
            d.reasoning_signature = thought->signature;
            d.reasoning_redacted = thought->redacted;
        } else {
            d.parts.push_back(part);
        }
        add(d);
    }
    std::int64_t index = 0;
    for (tool_call const& call : choice.message.tool_calls) {
        chat_delta d;
        d.tool_calls.push_back(
            tool_call_delta{.index = index, .id = call.id, .name = call.name, .type = "function"});
        d.tool_calls[0].extra = call.extra;
        add(d);
        pieces(call.arguments, [&](chat_delta& to, std::string piece) {
            to.tool_calls.push_back(tool_call_delta{.index = index, .arguments = std::move(piece)});
        });
        ++index;
    }
    chat_delta last;
    last.finish_reason = choice.finish_reason;
    last.native_finish_reason = choice.native_finish_reason;
    last.stop_sequence = choice.stop_sequence;
    last.extra = choice.extra;
    add(last);
    out.back().extra = r.extra;
    chat_chunk counts{.id = r.id, .created = 0, .model = r.model, .choices = {}};
    counts.usage = r.usage;
    out.push_back(std::move(counts));
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_round_trip)

BOOST_AUTO_TEST_CASE(requests)
{
    generator make(1);
    for (int round = 0; round != 400; ++round) {
        chat_request const request = make.request();
        const bool stream = make.random().one_in(2);
        const std::string body = encoded(request, provider_context(request.model, stream));
        auto const read = dialect::server().parse_chat(body, {});
        BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error()->message) << "\n" << body);
        BOOST_TEST(read->stream == stream);
        BOOST_TEST((read->request.messages == request.messages), body);
        BOOST_REQUIRE_MESSAGE(read->request == request, body);
    }
}

BOOST_AUTO_TEST_CASE(answers)
{
    generator make(2);
    for (int round = 0; round != 400; ++round) {
        chat_response const response = make.response();
        const std::string body = written(response);
        BOOST_REQUIRE_MESSAGE(decoded(body) == response, body);
    }
}

BOOST_AUTO_TEST_CASE(streams)
{
    generator make(3);
    for (int round = 0; round != 300; ++round) {
        chat_response const response = make.response();
        std::vector<chat_chunk> const chunks = cut(response, make.random());
        const std::string bytes = stream_of(chunks);
        rebuilt(bytes);
        decoded_stream const again = decode_stream(bytes);
        BOOST_REQUIRE(!again.error);
        chat_response expected = fold(chunks);
        chat_response got = fold(again.chunks);
        BOOST_REQUIRE_MESSAGE(got == expected, bytes);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic

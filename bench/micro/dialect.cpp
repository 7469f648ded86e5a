#include "bench/micro/harness.hpp"
#include "bench/micro/samples.hpp"

#include "lib/wire/sse_reader.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "test/common/provider_context.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::micro {
namespace {

namespace openai = providers::openai_chat;

void decode_stream(std::string_view text)
{
    const test::provider_context context("upstream-model", true);
    const auto decoder = openai::client().decode_chat_stream(context);
    std::vector<chat_chunk> chunks;
    keep(decoder->feed(text, chunks).has_value());
    keep(decoder->finish(chunks).has_value());
}

void relay_stream(std::string_view text, const providers::request_facts& facts)
{
    const auto relay = openai::server().chat_express().relay(facts);
    wire::sse_reader reader;
    wire::sse_event event;
    while (reader.next(text, event) == wire::sse_status::event) {
        keep(relay->on_event(event.data));
    }
    keep(relay->finish().has_value());
}

void splice(std::string_view body)
{
    const auto request = openai::server().chat_express().read(body, {});
    providers::spliced_body out;
    (*request)->splice("upstream-model", out);
    keep(out);
}

void add_requests(const std::string& name, std::string text)
{
    const auto parsed = openai::server().parse_chat(text, {});
    if (!parsed) {
        throw std::logic_error("the sample request is refused");
    }
    cases().push_back({"express read and splice, " + name, text.size(), [text] { splice(text); }});
    cases().push_back({"openai parse request, " + name, text.size(),
                       [text] { keep(openai::server().parse_chat(text, {}).has_value()); }});
    cases().push_back({"openai encode request, " + name, text.size(), [asked = *parsed] {
                           const test::provider_context context("upstream-model", asked.stream);
                           keep(openai::client().encode_chat(asked.request, context).has_value());
                       }});
}

const registration cases_of_dialect([] {
    add_requests("1 KB", chat_request_text(1024));
    add_requests("100 KB", chat_request_text(std::size_t{100} * 1024));

    static const std::string answer = chat_response_text();
    const auto response = openai::client().decode_chat({.body = answer}, test::provider_context());
    cases().push_back({"express inspect answer, 1 KB", answer.size(),
                       [] { keep(openai::server().chat_express().inspect(answer).has_value()); }});
    cases().push_back(
        {"openai decode answer, 1 KB", answer.size(),
         [] { keep(openai::client().decode_chat({.body = answer}, test::provider_context()).has_value()); }});
    cases().push_back(
        {"openai write answer, 1 KB", answer.size(), [whole = *response, out = std::string()]() mutable {
             out.clear();
             static const chat_request asked;
             openai::server().write_chat(whole, {asked, {}, {}}, out);
             keep(out);
         }});

    static const std::string events = event_stream_text();
    providers::request_facts facts;
    facts.model = "gpt-4o-mini";
    facts.stream = true;
    cases().push_back({"express relay, 200 events", events.size(), [facts] { relay_stream(events, facts); }});
    cases().push_back({"openai decode stream, 200 events", events.size(), [] { decode_stream(events); }});
});

} // namespace
} // namespace cogate::micro

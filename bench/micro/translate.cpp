#include "bench/micro/harness.hpp"
#include "bench/micro/samples.hpp"

#include "lib/engine/answer_stream.hpp"
#include "providers/anthropic_messages/dialect.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "test/common/provider_context.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace cogate::micro {
namespace {

namespace anthropic = providers::anthropic_messages;
namespace openai = providers::openai_chat;

/// The whole translate lane of a stream but for sockets; `piece` bytes come with each read.
void translate_stream(std::string_view text, std::size_t piece)
{
    static const chat_request asked;
    const test::provider_context context("upstream-model", true);
    const auto stream =
        engine::translated_stream(anthropic::client().decode_chat_stream(context),
                                  openai::server().write_chat_stream({asked, "model", "id", 1}));
    while (!text.empty()) {
        engine::stream_signs signs;
        keep(stream->feed(text.substr(0, piece), signs).has_value());
        text.remove_prefix(text.size() < piece ? text.size() : piece);
    }
    engine::stream_signs signs;
    keep(stream->finish(signs).has_value());
}

const registration cases_of_translate([] {
    const std::string question = chat_request_text(1024);
    cases().push_back({"openai to anthropic request, 1 KB", question.size(), [question] {
                           const test::provider_context context("upstream-model", true);
                           const auto parsed = openai::server().parse_chat(question, {});
                           keep(anthropic::client().encode_chat(parsed->request, context).has_value());
                       }});
    const std::string answer = message_text();
    cases().push_back(
        {"anthropic to openai answer, 1 KB", answer.size(), [answer, out = std::string()]() mutable {
             static const chat_request asked;
             const auto whole = anthropic::client().decode_chat({.body = answer}, test::provider_context());
             out.clear();
             openai::server().write_chat(*whole, {asked, {}, {}}, out);
             keep(out);
         }});
    static const std::string events = message_stream_text();
    for (const std::size_t piece : {std::size_t{16} * 1024, std::size_t{250}}) {
        const std::string how = piece > 1000 ? ", 16 KB reads" : ", 250 B reads";
        cases().push_back({"anthropic to openai, 200 events" + how, events.size(),
                           [piece] { translate_stream(events, piece); }});
    }
});

} // namespace
} // namespace cogate::micro

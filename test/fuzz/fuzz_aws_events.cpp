// Nothing that looks like an AWS event stream breaks the reader or the decoders behind it.

#include "lib/wire/aws_event_reader.hpp"
#include "providers/bedrock/dialect.hpp"
#include "providers/bedrock_converse/dialect.hpp"
#include "test/common/aws_frames.hpp"
#include "test/common/provider_context.hpp"
#include "test/fuzz/target.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace {

using cogate::fuzz::require;

void as_frames(std::string_view bytes)
{
    cogate::wire::aws_event_reader reader;
    cogate::wire::aws_frame frame;
    std::string_view rest = bytes;
    std::size_t payload = 0;
    while (reader.next(rest, frame) == cogate::wire::aws_status::frame) {
        payload += frame.payload.size();
    }
    require(payload <= bytes.size(), "payloads come from the input");
}

void as_stream(cogate::providers::client_dialect const& dialect, std::string_view bytes)
{
    const cogate::test::provider_context context("amazon.nova-lite-v1:0", true);
    const auto decoder = dialect.decode_chat_stream(context);
    std::vector<cogate::chat_chunk> chunks;
    if (decoder->feed(bytes, chunks)) {
        static_cast<void>(decoder->finish(chunks));
    }
}

/// Right checksums around the input, so that the decoders see it: a line is an event, its first word the
/// type.
std::string framed(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::size_t space = std::min(line.find(' '), line.size());
        const std::string type(line.substr(0, std::min<std::size_t>(space, 64)));
        const std::string data(line.substr(std::min(space + 1, line.size())));
        if (type.starts_with("!")) {
            out += cogate::test::aws_text_frame(
                {{":message-type", "exception"}, {":exception-type", type.substr(1)}}, data);
        } else {
            out += cogate::test::aws_event(type, data);
        }
    }
    return out;
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    const std::string_view body = cogate::fuzz::as_text(data, size);
    auto const& converse = cogate::providers::bedrock_converse::client();
    auto const& claude = cogate::providers::bedrock::anthropic_client();
    as_frames(body);
    as_stream(converse, body);
    const std::string events = framed(body);
    as_stream(converse, events);
    as_stream(claude, events);
    const cogate::test::provider_context context("amazon.nova-lite-v1:0");
    static_cast<void>(converse.decode_chat({.body = body}, context));
    static_cast<void>(converse.decode_error(400, {}, body, {}));
    return 0;
}

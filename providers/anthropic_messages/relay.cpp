#include "providers/anthropic_messages/codec.hpp"
#include "providers/anthropic_messages/token_usage.hpp"
#include "providers/common/event_shape.hpp"
#include "providers/common/facts_relay.hpp"
#include "providers/common/splice.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

class message_relay final : public facts_relay {
public:
    message_relay() noexcept : facts_relay("message_stop") {}

    verdict on_event(std::string_view data) override
    {
        look(data);
        return verdict::forward; // usage is told in every stream
    }
private:
    void look(std::string_view data);
    void take_usage(std::string_view object);

    usage_reader tokens_;
    json::document doc_;
    event_shape shape_; ///< of an event that is one more token
};

void message_relay::look(std::string_view data)
{
    if (data.empty() || facts_.error || facts_.ended) {
        return;
    }
    if (facts_.content_seen && shape_.fits(data)) {
        return; // one more token
    }
    enum field { type, usage, message, error, field_count };
    std::array<json::member_query, field_count> fields{};
    fields[type].key = "type";
    fields[usage].key = "usage";
    fields[message].key = "message";
    fields[error].key = "error";
    json::scan_error scan;
    if (!json::find_members(data, fields, scan)) {
        facts_.error = nonsense("an event is not a JSON object, " + json::to_string(scan));
        return;
    }
    const std::string_view kind = fields[type].value_in(data);
    if (kind == R"("error")" || (!absent(fields[error]) && fields[error].kind == json::kind::object)) {
        json::parse_error ignored;
        if (doc_.parse(data, ignored)) {
            facts_.error = in_band_error(doc_.root());
        }
        if (!facts_.error) {
            facts_.error = error_event(data, error_rules());
        }
        return;
    }
    facts_.content_seen =
        facts_.content_seen || kind == R"("content_block_delta")" || kind == R"("content_block_start")";
    facts_.ended = kind == R"("message_stop")";
    if (kind == R"("content_block_delta")" && !fields[usage].found && !fields[message].found &&
        !fields[error].found) {
        shape_.learn(data);
    }
    if (fields[usage].kind == json::kind::object) {
        take_usage(fields[usage].value_in(data));
    }
    if (fields[message].kind == json::kind::object && kind == R"("message_start")") {
        const std::string_view whole = fields[message].value_in(data);
        json::member_query inner{.key = "usage"};
        if (json::find_members(whole, {&inner, 1}, scan) && inner.kind == json::kind::object) {
            tokens_ = usage_reader{}; // the provider may begin anew
            take_usage(inner.value_in(whole));
        }
    }
}

void message_relay::take_usage(std::string_view object)
{
    json::parse_error error;
    if (doc_.parse(object, error)) {
        tokens_.read(doc_.root());
        facts_.usage = tokens_.total();
    }
}

} // namespace

std::unique_ptr<stream_relay> make_relay()
{
    return std::make_unique<message_relay>();
}

result<relay_facts> inspect_answer(std::string_view body)
{
    enum field { usage, error, type, content, field_count };
    std::array<json::member_query, field_count> fields{};
    fields[usage].key = "usage";
    fields[error].key = "error";
    fields[type].key = "type";
    fields[content].key = "content";
    json::scan_error scan;
    if (!json::find_members(body, fields, scan)) {
        return nonsense("not a JSON object, " + json::to_string(scan));
    }
    relay_facts facts;
    facts.ended = true;
    json::document doc;
    json::parse_error parse;
    if (!absent(fields[error]) || fields[type].value_in(body) == R"("error")") {
        static_cast<void>(doc.parse(body, parse));
        facts.error = in_band_error(doc.root());
    }
    if (!facts.error && fields[content].kind != json::kind::array) {
        return nonsense("it has no list of content blocks");
    }
    facts.content_seen = fields[content].value_in(body).size() > 2;
    if (fields[usage].kind == json::kind::object && doc.parse(fields[usage].value_in(body), parse)) {
        usage_reader tokens;
        tokens.read(doc.root());
        facts.usage = tokens.total();
    }
    return facts;
}

} // namespace cogate::providers::anthropic_messages

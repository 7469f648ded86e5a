#include "providers/common/event_shape.hpp"
#include "providers/common/facts_relay.hpp"
#include "providers/common/splice.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_chat/relay_scan.hpp"
#include "providers/openai_chat/token_usage.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::openai_chat {

namespace {

class chat_relay final : public facts_relay {
public:
    explicit chat_relay(bool drop_usage) noexcept : facts_relay("its end mark"), drop_usage_(drop_usage) {}

    verdict on_event(std::string_view data) override;

private:
    void look_for_content(json::value root);
    void look_for_end(json::value root);

    json::document doc_;
    relay_scan scan_;
    event_shape shape_; ///< of an event that is one more token
    bool drop_usage_;
};

stream_relay::verdict chat_relay::on_event(std::string_view data)
{
    if (data.empty() || facts_.error) {
        return verdict::forward;
    }
    if (data.size() < 16 && core::trim(data) == "[DONE]") {
        facts_.ended = true;
        return verdict::forward;
    }
    // Most events are one more token: then nothing is built, only checked.
    if (facts_.content_seen && shape_.fits(data)) {
        return verdict::forward;
    }
    const relay_signs signs = scan_.scan(data);
    if (signs.valid && !signs.usage && !signs.error && !signs.finish && !signs.odd && facts_.content_seen) {
        shape_.learn(data);
        return verdict::forward;
    }
    json::parse_error error;
    if (!doc_.parse(data, error)) {
        facts_.error = nonsense("an event is not JSON, " + json::to_string(error));
        return verdict::forward;
    }
    const json::value root = doc_.root();
    if (!root.is_object()) {
        facts_.error = nonsense("an event is not a JSON object");
        return verdict::forward;
    }
    if (std::optional<failure> reported = in_band_error(root)) {
        facts_.error = *std::move(reported);
        return verdict::forward;
    }
    const json::value choices = root["choices"];
    const json::value tokens = root["usage"];
    if (tokens.is_object()) {
        facts_.usage = read_usage(tokens);
    }
    look_for_content(root);
    look_for_end(root);
    const bool usage_only = choices.is_array() && choices.size() == 0 && tokens.is_object();
    return usage_only && drop_usage_ ? verdict::drop : verdict::forward;
}

void chat_relay::look_for_content(json::value root)
{
    if (facts_.content_seen) {
        return;
    }
    for (json::value choice : root["choices"]) {
        const json::value delta = choice["delta"];
        for (std::string_view const name : {"content", "reasoning_content", "reasoning", "refusal"}) {
            const json::value text = delta[name];
            facts_.content_seen =
                facts_.content_seen || (text.is_string() && !text.equals("")) || text.size() > 0;
        }
        facts_.content_seen = facts_.content_seen || delta["tool_calls"].size() > 0 ||
                              delta["function_call"].is_object() || delta["audio"].is_object();
    }
}

void chat_relay::look_for_end(json::value root)
{
    facts_.ended = facts_.ended || root["object"].equals("chat.completion.done");
    for (json::value choice : root["choices"]) {
        const json::value why = choice["finish_reason"];
        facts_.ended = facts_.ended || (why.is_string() && !why.equals(""));
    }
}

} // namespace

std::unique_ptr<stream_relay> make_relay(bool drop_usage)
{
    return std::make_unique<chat_relay>(drop_usage);
}

result<relay_facts> inspect_answer(std::string_view body, std::string_view list)
{
    std::array<json::member_query, 3> fields{};
    fields[0].key = "usage";
    fields[1].key = "error";
    fields[2].key = list;
    json::scan_error scan;
    relay_facts facts;
    facts.ended = true;
    json::document doc;
    json::parse_error error;
    const bool plain = json::find_members(body, fields, scan);
    if (plain && absent(fields[1]) && fields[2].kind == json::kind::array) {
        const std::string_view items = fields[2].value_in(body);
        facts.content_seen = items.size() > 2;
        if (fields[0].kind == json::kind::object && doc.parse(fields[0].value_in(body), error)) {
            facts.usage = read_usage(doc.root());
        }
        return facts;
    }
    // An error, or something the scan refuses and a lenient reader does not (a repeated name).
    if (!doc.parse(body, error)) {
        return nonsense("not JSON, " + json::to_string(error));
    }
    facts.error = in_band_error(doc.root());
    facts.usage = read_usage(doc["usage"]);
    facts.content_seen = doc[list].size() > 0;
    if (!facts.error && !doc[list].is_array()) {
        return nonsense("it has no list of " + std::string(list));
    }
    return facts;
}

} // namespace cogate::providers::openai_chat

#include "providers/gemini/codec.hpp"

#include "providers/common/facts_relay.hpp"
#include "providers/gemini/answers.hpp"
#include "providers/gemini/token_usage.hpp"

#include "lib/core/text.hpp"

namespace cogate::providers::gemini {

namespace {

void look(json::value root, relay_facts& facts)
{
    if (usage fresh = read_usage(root["usageMetadata"]); fresh.reported) {
        facts.usage = std::move(fresh);
    }
    for (json::value candidate : root["candidates"]) {
        const json::value why = candidate["finishReason"];
        facts.ended = facts.ended || why.is_number() || (why.is_string() && !why.equals(""));
        facts.content_seen = facts.content_seen || candidate["content"]["parts"].size() > 0;
    }
    facts.ended = facts.ended || !block_reason(root).empty();
}

class chat_relay final : public facts_relay {
public:
    chat_relay() noexcept : facts_relay("a finish reason") {}

    verdict on_event(std::string_view data) override
    {
        if (core::trim(data).empty() || facts_.error) {
            return verdict::forward;
        }
        json::parse_error error;
        if (!doc_.parse(data, error)) {
            facts_.error = nonsense("an event is not JSON, " + json::to_string(error));
        } else if (std::optional<failure> reported = in_band_error(doc_.root())) {
            facts_.error = *std::move(reported);
        } else if (!doc_.root().is_object()) {
            facts_.error = nonsense("an event is not a JSON object");
        } else {
            look(doc_.root(), facts_);
        }
        return verdict::forward;
    }

private:
    json::document doc_;
};

} // namespace

std::unique_ptr<stream_relay> make_relay()
{
    return std::make_unique<chat_relay>();
}

result<relay_facts> inspect_answer(std::string_view body)
{
    json::document doc;
    json::parse_error error;
    if (!doc.parse(body, error)) {
        return nonsense("not JSON, " + json::to_string(error));
    }
    const json::value root = doc.root();
    relay_facts facts;
    look(root, facts);
    facts.ended = true;
    facts.error = in_band_error(root);
    const bool known =
        root["candidates"].is_array() || root["usageMetadata"].is_object() || !block_reason(root).empty();
    if (!facts.error && !known) {
        return nonsense("it has no candidates");
    }
    return facts;
}

} // namespace cogate::providers::gemini

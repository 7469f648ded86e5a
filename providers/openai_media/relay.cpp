#include "providers/common/facts_relay.hpp"
#include "providers/common/splice.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_media/codec.hpp"
#include "providers/openai_media/token_usage.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::openai_media {

namespace {

/// Events carry their name in `type`: image_generation.partial_image, transcript.text.delta,
/// speech.audio.done.
class media_relay final : public facts_relay {
public:
    media_relay() noexcept : facts_relay("its end mark") {}

    verdict on_event(std::string_view data) override
    {
        if (data.empty() || facts_.error) {
            return verdict::forward;
        }
        if (data.size() < 16 && core::trim(data) == "[DONE]") {
            facts_.ended = true;
            return verdict::forward;
        }
        // Images come as megabytes of base64: look, do not build.
        std::array<json::member_query, 3> fields{{{"type"}, {"usage"}, {"error"}}};
        json::scan_error error;
        if (!json::find_members(data, fields, error)) {
            facts_.error = nonsense("an event is not a JSON object, " + json::to_string(error));
            return verdict::forward;
        }
        const std::string_view type = fields[0].value_in(data);
        if (!absent(fields[2]) || type == "\"error\"") {
            facts_.error = error_event(data);
            return verdict::forward;
        }
        if (fields[1].kind == json::kind::object && doc_.parse(fields[1].value_in(data), error)) {
            facts_.usage = read_usage(doc_.root());
        }
        // A transcript says ".segment" after each piece, and ".done" once.
        facts_.ended = facts_.ended || type.ends_with(".completed\"") || type.ends_with(".done\"");
        facts_.content_seen = true;
        return verdict::forward;
    }

private:
    json::document doc_;
};

} // namespace

std::unique_ptr<stream_relay> make_relay()
{
    return std::make_unique<media_relay>();
}

result<relay_facts> inspect_answer(std::string_view body, std::string_view member)
{
    std::array<json::member_query, 3> fields{{{"usage"}, {"error"}, {member}}};
    json::scan_error scan;
    relay_facts facts;
    facts.ended = true;
    json::document doc;
    json::parse_error error;
    if (json::find_members(body, fields, scan) && absent(fields[1]) && fields[2].found) {
        facts.content_seen = true;
        if (fields[0].kind == json::kind::object && doc.parse(fields[0].value_in(body), error)) {
            facts.usage = read_usage(doc.root());
        }
        return facts;
    }
    // An error, or something the scan refuses and a lenient reader does not (a repeated name).
    if (!doc.parse(body, error)) {
        return nonsense("not JSON, " + json::to_string(error));
    }
    facts.error = openai_chat::in_band_error(doc.root());
    facts.usage = read_usage(doc["usage"]);
    facts.content_seen = doc[member].exists();
    if (!facts.error && !facts.content_seen) {
        return nonsense("it has no '" + std::string(member) + "'");
    }
    return facts;
}

} // namespace cogate::providers::openai_media

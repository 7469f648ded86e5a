#include "providers/common/facts_relay.hpp"
#include "providers/common/splice.hpp"
#include "providers/openai_responses/codec.hpp"
#include "providers/openai_responses/token_usage.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::openai_responses {

namespace {

class responses_relay final : public facts_relay {
public:
    responses_relay() noexcept : facts_relay("its last event") {}

    verdict on_event(std::string_view data) override
    {
        if (!data.empty() && !facts_.error && core::trim(data) != "[DONE]") {
            look(data);
        }
        return verdict::forward;
    }

private:
    void look(std::string_view data)
    {
        // Most events are one more token: then nothing is built, only checked.
        std::array<json::member_query, 2> fields{};
        fields[0].key = "type";
        fields[1].key = "error";
        json::scan_error scan;
        if (!json::find_members(data, fields, scan)) {
            if (scan.code != json::scan_errc::duplicate_key) {
                facts_.error = nonsense("an event is not a JSON object, " + json::to_string(scan));
                return;
            }
            look_closely(data);
            return;
        }
        const std::string_view type = fields[0].value_in(data);
        if (type.ends_with(".delta\"")) {
            facts_.content_seen = true;
            return;
        }
        const bool telling = type == "\"error\"" || type == "\"response.failed\"" ||
                             type == "\"response.completed\"" || type == "\"response.incomplete\"" ||
                             type == "\"response.cancelled\"" || type.empty() ||
                             type.find('\\') != std::string_view::npos || !absent(fields[1]);
        if (telling) {
            look_closely(data);
        } else if (type == "\"response.output_item.done\"") {
            facts_.content_seen = true;
        }
    }

    void look_closely(std::string_view data)
    {
        json::parse_error error;
        if (!doc_.parse(data, error)) {
            facts_.error = nonsense("an event is not JSON, " + json::to_string(error));
            return;
        }
        const json::value root = doc_.root();
        const json::value type = root["type"];
        const json::value response = root["response"];
        const json::value reported = root["error"];
        if (type.equals("error") || (!type.exists() && reported.exists() && !reported.is_null())) {
            facts_.error = error_event(data, error_rules());
        } else if (type.equals("response.failed") || type.equals("response.cancelled")) {
            facts_.error = in_band_error(response);
            if (!facts_.error) {
                facts_.error =
                    failure(error_kind::internal_server, "the provider reports that the response failed");
            }
        } else if (type.equals("response.completed") || type.equals("response.incomplete")) {
            facts_.usage = read_usage(response["usage"]);
            facts_.error = in_band_error(response);
            facts_.content_seen = facts_.content_seen || response["output"].size() != 0;
            facts_.ended = true;
        }
    }

    json::document doc_;
};

} // namespace

std::unique_ptr<stream_relay> make_relay()
{
    return std::make_unique<responses_relay>();
}

result<relay_facts> inspect_answer(std::string_view body)
{
    json::document doc;
    json::parse_error error;
    relay_facts facts;
    facts.ended = true;
    if (!doc.parse(body, error)) {
        return nonsense("not JSON, " + json::to_string(error));
    }
    const json::value root = doc.root();
    // A response in the background is the caller's wish and no error on this lane.
    const json::value status = root["status"];
    const bool pending = status.equals("queued") || status.equals("in_progress");
    facts.error = pending ? std::optional<failure>() : in_band_error(root);
    facts.usage = read_usage(root["usage"]);
    facts.content_seen = root["output"].size() != 0;
    if (!facts.error && !root["output"].is_array()) {
        return nonsense("it has no list of output items");
    }
    return facts;
}

} // namespace cogate::providers::openai_responses

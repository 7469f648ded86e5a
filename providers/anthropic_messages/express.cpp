#include "providers/anthropic_messages/codec.hpp"
#include "providers/anthropic_messages/dialect.hpp"
#include "providers/common/model_express.hpp"

#include "lib/core/json/scanner.hpp"

#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

class message_express final : public model_express {
public:
    result<void> read(std::string_view body)
    {
        fields_[model].key = "model";
        fields_[messages].key = "messages";
        fields_[stream].key = "stream";
        json::scan_error error;
        if (!json::find_members(body, fields_, error)) {
            return not_json(error, body);
        }
        if (result<void> good = take_model(body, fields_[model]); !good) {
            return good;
        }
        facts_.wants_usage = true;
        if (result<void> good = check_list(body, fields_[messages]); !good) {
            return good;
        }
        return take_stream(fields_[stream]);
    }

private:
    enum field { model, messages, stream, field_count };

    std::array<json::member_query, field_count> fields_{};
};

class message_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        return read_express<message_express>(body);
    }

    std::unique_ptr<stream_relay> relay(request_facts const&) const override { return make_relay(); }

    result<relay_facts> inspect(std::string_view body) const override { return inspect_answer(body); }
};

class count_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        result<std::unique_ptr<express_request>> request = read_express<message_express>(body);
        if (request && (*request)->facts().stream) {
            return failure(error_kind::invalid_request, "'stream': a count of tokens cannot be streamed")
                .with_code("invalid_value")
                .with_param("stream");
        }
        return request;
    }

    /// Counts are never streamed; this one forwards and complains at the end if nothing ended.
    std::unique_ptr<stream_relay> relay(request_facts const&) const override { return make_relay(); }

    result<relay_facts> inspect(std::string_view body) const override
    {
        std::array<json::member_query, 2> fields{};
        fields[0].key = "input_tokens";
        fields[1].key = "error";
        json::scan_error scan;
        if (!json::find_members(body, fields, scan)) {
            return nonsense("not a JSON object, " + json::to_string(scan));
        }
        relay_facts facts;
        facts.ended = true;
        facts.content_seen = true;
        if (!absent(fields[1])) {
            json::document doc;
            json::parse_error error;
            static_cast<void>(doc.parse(body, error));
            facts.error = in_band_error(doc.root());
        }
        if (!facts.error && fields[0].kind != json::kind::number) {
            return nonsense("it has no count of input tokens");
        }
        return facts;
    }
};

} // namespace

express_lane const& chat_lane() noexcept
{
    static const message_lane lane;
    return lane;
}

express_lane const& count_tokens_lane() noexcept
{
    static const count_lane lane;
    return lane;
}

} // namespace cogate::providers::anthropic_messages

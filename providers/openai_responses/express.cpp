#include "providers/common/bodies.hpp"
#include "providers/common/model_express.hpp"
#include "providers/openai_responses/codec.hpp"

#include "lib/core/json/scanner.hpp"

#include <array>

namespace cogate::providers::openai_responses {

namespace {

class responses_express final : public model_express {
public:
    result<void> read(std::string_view body)
    {
        fields_[model].key = "model";
        fields_[input].key = "input";
        fields_[stream].key = "stream";
        json::scan_error error;
        if (!json::find_members(body, fields_, error)) {
            return not_json(error, body);
        }
        if (result<void> good = take_model(body, fields_[model]); !good) {
            return good;
        }
        // Absent with a stored prompt or conversation.
        if (!absent(fields_[input]) && fields_[input].kind != json::kind::string &&
            fields_[input].kind != json::kind::array) {
            return wrong_type("input", "a string or an array of items");
        }
        facts_.wants_usage = true;
        return take_stream(fields_[stream]);
    }

private:
    enum field { model, input, stream, field_count };

    std::array<json::member_query, field_count> fields_{};
};

class responses_express_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        return read_express<responses_express>(body);
    }

    std::unique_ptr<stream_relay> relay(request_facts const&) const override { return make_relay(); }

    result<relay_facts> inspect(std::string_view body) const override { return inspect_answer(body); }
};

} // namespace

express_lane const& chat_lane() noexcept
{
    static const responses_express_lane lane;
    return lane;
}

} // namespace cogate::providers::openai_responses

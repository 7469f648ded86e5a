#include "providers/common/bodies.hpp"
#include "providers/common/facts_relay.hpp"
#include "providers/common/model_express.hpp"
#include "providers/openai_chat/token_usage.hpp"
#include "providers/openai_completions/codec.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::openai_completions {

namespace {

class completion_express final : public usage_express {
public:
    result<void> read(std::string_view body)
    {
        fields_[model].key = "model";
        fields_[prompt].key = "prompt";
        fields_[stream].key = "stream";
        fields_[stream_options].key = "stream_options";
        json::scan_error error;
        if (!json::find_members(body, fields_, error)) {
            return not_json(error, body);
        }
        if (result<void> good = take_model(body, fields_[model]); !good) {
            return good;
        }
        if (absent(fields_[prompt])) {
            return missing("prompt");
        }
        if (fields_[prompt].kind != json::kind::string && fields_[prompt].kind != json::kind::array) {
            return wrong_type("prompt", "a string or an array");
        }
        if (result<void> good = take_stream(fields_[stream]); !good) {
            return good;
        }
        return take_stream_options(fields_[stream_options]);
    }

private:
    enum field { model, prompt, stream, stream_options, field_count };

    std::array<json::member_query, field_count> fields_{};
};

class completion_relay final : public facts_relay {
public:
    explicit completion_relay(bool drop_usage) noexcept : facts_relay("its end mark"), drop_usage_(drop_usage)
    {}

    verdict on_event(std::string_view data) override
    {
        if (data.empty() || facts_.error) {
            return verdict::forward;
        }
        if (core::trim(data) == "[DONE]") {
            facts_.ended = true;
            return verdict::forward;
        }
        const result<json::value> opened = open_answer(doc_, data);
        if (!opened) {
            facts_.error = opened.error();
            return verdict::forward;
        }
        const json::value root = *opened;
        const json::value tokens = root["usage"];
        if (tokens.is_object()) {
            facts_.usage = openai_chat::read_usage(tokens);
        }
        for (json::value choice : root["choices"]) {
            facts_.content_seen = facts_.content_seen || !choice["text"].equals("");
            facts_.ended = facts_.ended || choice["finish_reason"].is_string();
        }
        const bool usage_only =
            root["choices"].is_array() && root["choices"].size() == 0 && tokens.is_object();
        return usage_only && drop_usage_ ? verdict::drop : verdict::forward;
    }

private:
    json::document doc_;
    bool drop_usage_;
};

class completion_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        return read_express<completion_express>(body);
    }

    std::unique_ptr<stream_relay> relay(request_facts const& facts) const override
    {
        return std::make_unique<completion_relay>(!facts.wants_usage);
    }

    result<relay_facts> inspect(std::string_view body) const override
    {
        json::document doc;
        const result<json::value> opened = open_answer(doc, body);
        relay_facts facts;
        facts.ended = true;
        if (!opened) {
            // What is not even JSON is no answer; what reports an error is one.
            if (!doc.root().is_object()) {
                return opened.error();
            }
            facts.error = opened.error();
            return facts;
        }
        if (!(*opened)["choices"].is_array()) {
            return nonsense("it has no list of choices");
        }
        facts.usage = openai_chat::read_usage((*opened)["usage"]);
        facts.content_seen = (*opened)["choices"].size() != 0;
        return facts;
    }
};

} // namespace

express_lane const& chat_lane() noexcept
{
    static const completion_lane lane;
    return lane;
}

} // namespace cogate::providers::openai_completions

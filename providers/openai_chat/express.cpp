#include "providers/common/bodies.hpp"
#include "providers/common/model_express.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_chat/quirks.hpp"

#include "lib/core/json/scanner.hpp"

#include <array>

namespace cogate::providers::openai_chat {

namespace {

class chat_express final : public usage_express {
public:
    enum field { model, messages, stream, stream_options, thinking, drop, drop_more, allow, field_count };

    /// Says something that is meant for us alone.
    bool has_rules() const noexcept
    {
        return fields_[drop].found || fields_[drop_more].found || fields_[allow].found;
    }
    bool has_thinking() const noexcept { return fields_[thinking].found; }
    json::key_list const* keys() const noexcept override { return &keys_; }

    /// Fills this in from the body; a failure when the caller's request cannot be meant.
    result<void> read(std::string_view body);

private:
    std::array<json::member_query, field_count> fields_{};
    json::key_list keys_;
};

result<void> chat_express::read(std::string_view body)
{
    fields_[model].key = "model";
    fields_[messages].key = "messages";
    fields_[stream].key = "stream";
    fields_[stream_options].key = "stream_options";
    fields_[thinking].key = "thinking";
    fields_[drop].key = "drop_params";
    fields_[drop_more].key = "additional_drop_params";
    fields_[allow].key = "allowed_openai_params";
    json::scan_error error;
    if (!json::find_members(body, fields_, error, keys_)) {
        return not_json(error, body);
    }
    if (result<void> good = take_model(body, fields_[model]); !good) {
        return good;
    }
    if (result<void> good = check_list(body, fields_[messages]); !good) {
        return good;
    }
    if (result<void> good = take_stream(fields_[stream]); !good) {
        return good;
    }
    return take_stream_options(fields_[stream_options]);
}

class chat_express_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        return read_express<chat_express>(body);
    }

    std::unique_ptr<stream_relay> relay(request_facts const& facts) const override
    {
        return make_relay(!facts.wants_usage);
    }

    result<relay_facts> inspect(std::string_view body) const override
    {
        return inspect_answer(body, "choices");
    }
};

class embedding_express final : public model_express {
public:
    result<void> read(std::string_view body)
    {
        fields_[0].key = "model";
        fields_[1].key = "input";
        json::scan_error error;
        if (!json::find_members(body, fields_, error)) {
            return not_json(error, body);
        }
        if (result<void> good = take_model(body, fields_[0]); !good) {
            return good;
        }
        if (absent(fields_[1])) {
            return missing("input");
        }
        if (fields_[1].kind != json::kind::string && fields_[1].kind != json::kind::array) {
            return wrong_type("input", "a string or an array");
        }
        return {};
    }

private:
    std::array<json::member_query, 2> fields_{};
};

class embedding_express_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        return read_express<embedding_express>(body);
    }

    /// Embeddings are never streamed; this one forwards and complains at the end if nothing ended.
    std::unique_ptr<stream_relay> relay(request_facts const&) const override { return make_relay(false); }

    result<relay_facts> inspect(std::string_view body) const override { return inspect_answer(body, "data"); }
};

} // namespace

bool express_fits(express_request const& request, call_context const& context)
{
    auto const* const chat = dynamic_cast<chat_express const*>(&request);
    if (chat == nullptr) {
        return context.service.quirks.exact && context.rules.empty();
    }
    const bool thinking_is_foreign = chat->has_thinking() && context.service.quirks.reasoning_request.empty();
    return !chat->has_rules() && !thinking_is_foreign &&
           may_relay(chat->body(), *chat->keys(), chat->facts().stream, context);
}

express_lane const& chat_lane() noexcept
{
    static const chat_express_lane lane;
    return lane;
}

express_lane const& embedding_lane() noexcept
{
    static const embedding_express_lane lane;
    return lane;
}

} // namespace cogate::providers::openai_chat

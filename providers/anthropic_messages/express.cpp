#include "providers/anthropic_messages/codec.hpp"
#include "providers/anthropic_messages/dialect.hpp"
#include "providers/common/splice.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/json/string.hpp"
#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

class message_express final : public express_request {
public:
    request_facts const& facts() const noexcept override { return facts_; }
    std::string_view body() const noexcept override { return body_; }

    void splice(std::string_view upstream_model, spliced_body& out) const override
    {
        std::array<edit, 1> edits{};
        std::size_t count = 0;
        if (facts_.model != upstream_model) {
            edits[0].begin = fields_[model].value_begin;
            edits[0].end = fields_[model].value_end;
            json::append_quoted(edits[0].text, upstream_model);
            count = 1;
        }
        apply(body_, {edits.data(), count}, out);
    }

    result<void> read(std::string_view body)
    {
        body_ = body;
        fields_[model].key = "model";
        fields_[messages].key = "messages";
        fields_[stream].key = "stream";
        json::scan_error error;
        if (!json::find_members(body, fields_, error)) {
            return not_json(error, body);
        }
        result<std::string> name = read_model(body, fields_[model]);
        if (!name) {
            return name.error();
        }
        facts_.model = *std::move(name);
        facts_.wants_usage = true;
        if (absent(fields_[messages])) {
            return missing("messages");
        }
        if (fields_[messages].kind != json::kind::array) {
            return wrong_type("messages", "an array");
        }
        const std::string_view list = fields_[messages].value_in(body);
        if (core::trim(list.substr(1, list.size() - 2)).empty()) {
            return failure(error_kind::invalid_request, "'messages' must not be empty")
                .with_code("invalid_value")
                .with_param("messages");
        }
        if (!absent(fields_[stream])) {
            if (fields_[stream].kind != json::kind::boolean) {
                return wrong_type("stream", "a boolean");
            }
            facts_.stream = fields_[stream].value_in(body) == "true";
        }
        return {};
    }

private:
    enum field { model, messages, stream, field_count };

    std::string_view body_;
    std::array<json::member_query, field_count> fields_{};
    request_facts facts_;
};

result<std::unique_ptr<express_request>> read_request(std::string_view body)
{
    auto request = std::make_unique<message_express>();
    const result<void> good = request->read(body);
    if (!good) {
        return good.error();
    }
    return std::unique_ptr<express_request>(std::move(request));
}

class message_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        return read_request(body);
    }

    std::unique_ptr<stream_relay> relay(request_facts const&) const override { return make_relay(); }

    result<relay_facts> inspect(std::string_view body) const override { return inspect_answer(body); }
};

class count_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        result<std::unique_ptr<express_request>> request = read_request(body);
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

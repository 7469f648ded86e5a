#include "providers/common/bodies.hpp"
#include "providers/common/splice.hpp"
#include "providers/openai_responses/codec.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/json/string.hpp"

#include <array>

namespace cogate::providers::openai_responses {

namespace {

class responses_express final : public express_request {
public:
    request_facts const& facts() const noexcept override { return facts_; }
    std::string_view body() const noexcept override { return body_; }

    void splice(std::string_view upstream_model, spliced_body& out) const override
    {
        std::array<edit, 1> edits{};
        std::size_t count = 0;
        if (facts_.model != upstream_model) {
            edits[count].begin = fields_[model].value_begin;
            edits[count].end = fields_[model].value_end;
            json::append_quoted(edits[count].text, upstream_model);
            ++count;
        }
        apply(body_, {edits.data(), count}, out);
    }

    result<void> read(std::string_view body)
    {
        body_ = body;
        fields_[model].key = "model";
        fields_[input].key = "input";
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
        // Absent with a stored prompt or conversation.
        if (!absent(fields_[input]) && fields_[input].kind != json::kind::string &&
            fields_[input].kind != json::kind::array) {
            return wrong_type("input", "a string or an array of items");
        }
        if (!absent(fields_[stream])) {
            if (fields_[stream].kind != json::kind::boolean) {
                return wrong_type("stream", "a boolean");
            }
            facts_.stream = fields_[stream].value_in(body) == "true";
        }
        facts_.wants_usage = true;
        return {};
    }

private:
    enum field { model, input, stream, field_count };

    std::string_view body_;
    std::array<json::member_query, field_count> fields_{};
    request_facts facts_;
};

class responses_express_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        auto request = std::make_unique<responses_express>();
        const result<void> good = request->read(body);
        if (!good) {
            return good.error();
        }
        return std::unique_ptr<express_request>(std::move(request));
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

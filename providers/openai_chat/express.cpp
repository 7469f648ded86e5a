#include "providers/common/bodies.hpp"
#include "providers/common/splice.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_chat/quirks.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/json/string.hpp"
#include "lib/core/text.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_chat {

namespace {

class chat_express final : public express_request {
public:
    enum field { model, messages, stream, stream_options, thinking, drop, drop_more, allow, field_count };

    request_facts const& facts() const noexcept override { return facts_; }
    std::string_view body() const noexcept override { return body_; }
    void splice(std::string_view upstream_model, spliced_body& out) const override;

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
    result<void> read_stream_options();
    void edit_stream_options(std::array<edit, 3>& edits, std::size_t& count) const;

    std::string_view body_;
    std::array<json::member_query, field_count> fields_{};
    json::key_list keys_;
    json::member_query include_usage_{.key = "include_usage"}; // offsets within the value of stream_options
    request_facts facts_;
};

result<void> chat_express::read(std::string_view body)
{
    body_ = body;
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
    result<std::string> name = read_model(body, fields_[model]);
    if (!name) {
        return name.error();
    }
    facts_.model = *std::move(name);
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
    return read_stream_options();
}

result<void> chat_express::read_stream_options()
{
    if (absent(fields_[stream_options])) {
        return {};
    }
    if (fields_[stream_options].kind != json::kind::object) {
        return wrong_type("stream_options", "an object");
    }
    const std::string_view options = fields_[stream_options].value_in(body_);
    json::scan_error error;
    if (!json::find_members(options, {&include_usage_, 1}, error)) {
        // The whole body was valid, so this is a repeated name.
        return failure(error_kind::invalid_request, "'stream_options' names a field twice")
            .with_code("duplicate_field")
            .with_param("stream_options");
    }
    if (!absent(include_usage_)) {
        if (include_usage_.kind != json::kind::boolean) {
            return wrong_type("stream_options.include_usage", "a boolean");
        }
        facts_.wants_usage = include_usage_.value_in(options) == "true";
    }
    return {};
}

void chat_express::edit_stream_options(std::array<edit, 3>& edits, std::size_t& count) const
{
    if (!facts_.stream || facts_.wants_usage) {
        return;
    }
    json::member_query const& options = fields_[stream_options];
    if (!options.found) {
        const std::size_t at = fields_[model].member_begin;
        edits[count++] = {at, at, R"("stream_options":{"include_usage":true},)"};
    } else if (options.kind == json::kind::null) {
        edits[count++] = {options.value_begin, options.value_end, R"({"include_usage":true})"};
    } else if (include_usage_.found) {
        edits[count++] = {options.value_begin + include_usage_.value_begin,
                          options.value_begin + include_usage_.value_end, "true"};
    } else {
        const std::string_view inside = options.value_in(body_).substr(1);
        const bool is_empty = core::trim(inside.substr(0, inside.size() - 1)).empty();
        const std::size_t at = options.value_begin + 1;
        edits[count++] = {at, at, is_empty ? R"("include_usage":true)" : R"("include_usage":true,)"};
    }
}

void chat_express::splice(std::string_view upstream_model, spliced_body& out) const
{
    std::array<edit, 3> edits{};
    std::size_t count = 0;
    if (facts_.model != upstream_model) {
        edit& e = edits[count++];
        e.begin = fields_[model].value_begin;
        e.end = fields_[model].value_end;
        json::append_quoted(e.text, upstream_model);
    }
    edit_stream_options(edits, count);
    std::sort(edits.begin(), edits.begin() + static_cast<std::ptrdiff_t>(count),
              [](edit const& a, edit const& b) { return a.begin < b.begin; });
    apply(body_, {edits.data(), count}, out);
}

class chat_express_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        auto request = std::make_unique<chat_express>();
        result<void> good = request->read(body);
        if (!good) {
            return good.error();
        }
        return std::unique_ptr<express_request>(std::move(request));
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

class embedding_express final : public express_request {
public:
    request_facts const& facts() const noexcept override { return facts_; }
    std::string_view body() const noexcept override { return body_; }

    void splice(std::string_view upstream_model, spliced_body& out) const override
    {
        std::array<edit, 1> edits{};
        std::size_t count = 0;
        if (facts_.model != upstream_model) {
            edits[count].begin = fields_[0].value_begin;
            edits[count].end = fields_[0].value_end;
            json::append_quoted(edits[count].text, upstream_model);
            ++count;
        }
        apply(body_, {edits.data(), count}, out);
    }

    result<void> read(std::string_view body)
    {
        body_ = body;
        fields_[0].key = "model";
        fields_[1].key = "input";
        json::scan_error error;
        if (!json::find_members(body, fields_, error)) {
            return not_json(error, body);
        }
        result<std::string> name = read_model(body, fields_[0]);
        if (!name) {
            return name.error();
        }
        facts_.model = *std::move(name);
        if (absent(fields_[1])) {
            return missing("input");
        }
        if (fields_[1].kind != json::kind::string && fields_[1].kind != json::kind::array) {
            return wrong_type("input", "a string or an array");
        }
        return {};
    }

private:
    std::string_view body_;
    std::array<json::member_query, 2> fields_{};
    request_facts facts_;
};

class embedding_express_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        auto request = std::make_unique<embedding_express>();
        result<void> good = request->read(body);
        if (!good) {
            return good.error();
        }
        return std::unique_ptr<express_request>(std::move(request));
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

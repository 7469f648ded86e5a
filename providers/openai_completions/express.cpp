#include "providers/common/bodies.hpp"
#include "providers/common/splice.hpp"
#include "providers/openai_chat/token_usage.hpp"
#include "providers/openai_completions/codec.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/json/string.hpp"
#include "lib/core/text.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_completions {

namespace {

class completion_express final : public express_request {
public:
    request_facts const& facts() const noexcept override { return facts_; }
    std::string_view body() const noexcept override { return body_; }

    result<void> read(std::string_view body)
    {
        body_ = body;
        fields_[model].key = "model";
        fields_[prompt].key = "prompt";
        fields_[stream].key = "stream";
        fields_[stream_options].key = "stream_options";
        json::scan_error error;
        if (!json::find_members(body, fields_, error)) {
            return not_json(error, body);
        }
        result<std::string> name = read_model(body, fields_[model]);
        if (!name) {
            return name.error();
        }
        facts_.model = *std::move(name);
        if (absent(fields_[prompt])) {
            return missing("prompt");
        }
        if (fields_[prompt].kind != json::kind::string && fields_[prompt].kind != json::kind::array) {
            return wrong_type("prompt", "a string or an array");
        }
        if (!absent(fields_[stream])) {
            if (fields_[stream].kind != json::kind::boolean) {
                return wrong_type("stream", "a boolean");
            }
            facts_.stream = fields_[stream].value_in(body) == "true";
        }
        return read_stream_options();
    }

    void splice(std::string_view upstream_model, spliced_body& out) const override
    {
        std::array<edit, 2> edits{};
        std::size_t count = 0;
        if (facts_.model != upstream_model) {
            edit& e = edits[count++];
            e.begin = fields_[model].value_begin;
            e.end = fields_[model].value_end;
            json::append_quoted(e.text, upstream_model);
        }
        if (facts_.stream && !facts_.wants_usage) {
            edits[count++] = ask_for_usage();
        }
        std::sort(edits.begin(), edits.begin() + static_cast<std::ptrdiff_t>(count),
                  [](edit const& a, edit const& b) { return a.begin < b.begin; });
        apply(body_, {edits.data(), count}, out);
    }

private:
    enum field { model, prompt, stream, stream_options, field_count };

    result<void> read_stream_options()
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
            return failure(error_kind::invalid_request, "'stream_options' names a field twice")
                .with_code("duplicate_field")
                .with_param("stream_options");
        }
        if (!absent(include_usage_) && include_usage_.kind != json::kind::boolean) {
            return wrong_type("stream_options.include_usage", "a boolean");
        }
        facts_.wants_usage = include_usage_.value_in(options) == "true";
        return {};
    }

    edit ask_for_usage() const
    {
        json::member_query const& options = fields_[stream_options];
        if (!options.found) {
            const std::size_t at = fields_[model].member_begin;
            return {at, at, R"("stream_options":{"include_usage":true},)"};
        }
        if (options.kind == json::kind::null) {
            return {options.value_begin, options.value_end, R"({"include_usage":true})"};
        }
        if (include_usage_.found) {
            return {options.value_begin + include_usage_.value_begin,
                    options.value_begin + include_usage_.value_end, "true"};
        }
        const std::string_view inside = options.value_in(body_).substr(1);
        const bool is_empty = core::trim(inside.substr(0, inside.size() - 1)).empty();
        const std::size_t at = options.value_begin + 1;
        return {at, at, is_empty ? R"("include_usage":true)" : R"("include_usage":true,)"};
    }

    std::string_view body_;
    std::array<json::member_query, field_count> fields_{};
    json::member_query include_usage_{.key = "include_usage"}; // offsets within the value of stream_options
    request_facts facts_;
};

class completion_relay final : public stream_relay {
public:
    explicit completion_relay(bool drop_usage) noexcept : drop_usage_(drop_usage) {}

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

    relay_facts const& facts() const noexcept override { return facts_; }

    result<void> finish() override
    {
        if (facts_.error) {
            return *facts_.error;
        }
        if (!facts_.ended) {
            return failure(error_kind::truncated, "the provider's stream ended without its end mark");
        }
        return {};
    }

private:
    relay_facts facts_;
    json::document doc_;
    bool drop_usage_;
};

class completion_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        auto request = std::make_unique<completion_express>();
        const result<void> good = request->read(body);
        if (!good) {
            return good.error();
        }
        return std::unique_ptr<express_request>(std::move(request));
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

#include "providers/gemini/codec.hpp"

#include "providers/common/model_express.hpp"
#include "providers/gemini/array_as_events.hpp"

#include "lib/core/json/string.hpp"

#include <array>

namespace cogate::providers::gemini {

namespace {

constexpr std::string_view models_prefix = "models/";

class gemini_express : public model_express {
public:
    bool relayable() const noexcept { return relayable_; }

    /// The model stands in the path; a body that names it too is made to agree.
    void splice(std::string_view upstream_model, spliced_body& out) const override
    {
        std::array<edit, 1> edits{};
        std::size_t count = 0;
        if (model_.found && model_.kind == json::kind::string) {
            const std::string named = decoded(model_.value_in(body_));
            const bool prefixed = named.starts_with(models_prefix);
            const std::string wanted =
                (prefixed ? std::string(models_prefix) : std::string()) + std::string(upstream_model);
            if (named != wanted && named.find("/models/") == std::string::npos) {
                edits[0].begin = model_.value_begin;
                edits[0].end = model_.value_end;
                json::append_quoted(edits[0].text, wanted);
                count = 1;
            }
        }
        apply(body_, {edits.data(), count}, out);
    }

protected:
    result<void> take_target(std::string_view body, inbound_target const& target)
    {
        body_ = body;
        if (target.model.empty()) {
            return missing("model");
        }
        facts_.model = target.model;
        facts_.stream = target.stream;
        facts_.wants_usage = true; // every event has it
        relayable_ = !target.stream || asks_for_sse(target.query);
        return {};
    }

    static result<void> check_contents(std::string_view text, json::member_query const& contents)
    {
        if (absent(contents)) {
            return missing("contents");
        }
        if (contents.kind != json::kind::array && contents.kind != json::kind::object) {
            return wrong_type("contents", "an array");
        }
        if (inside_of(contents.value_in(text)).empty()) {
            return must_not_be_empty("contents");
        }
        return {};
    }

    bool relayable_ = true;
};

class chat_express final : public gemini_express {
public:
    result<void> read(std::string_view body, inbound_target const& target)
    {
        std::array<json::member_query, 2> fields{};
        fields[0].key = "model";
        fields[1].key = "contents";
        json::scan_error error;
        if (!json::find_members(body, fields, error)) {
            return not_json(error, body);
        }
        model_ = fields[0];
        if (result<void> good = check_contents(body, fields[1]); !good) {
            return good;
        }
        return take_target(body, target);
    }
};

class count_express final : public gemini_express {
public:
    result<void> read(std::string_view body, inbound_target const& target)
    {
        std::array<json::member_query, 3> fields{};
        fields[0].key = "generateContentRequest";
        fields[1].key = "generate_content_request";
        fields[2].key = "contents";
        json::scan_error error;
        if (!json::find_members(body, fields, error)) {
            return not_json(error, body);
        }
        json::member_query const& whole = fields[0].found ? fields[0] : fields[1];
        if (absent(whole)) {
            if (result<void> good = check_contents(body, fields[2]); !good) {
                return good;
            }
            return take_target(body, target);
        }
        if (whole.kind != json::kind::object) {
            return wrong_type("generateContentRequest", "an object");
        }
        std::array<json::member_query, 2> inner{};
        inner[0].key = "model";
        inner[1].key = "contents";
        const std::string_view text = whole.value_in(body);
        if (!json::find_members(text, inner, error)) {
            return not_json(error, text);
        }
        if (result<void> good = check_contents(text, inner[1]); !good) {
            return good;
        }
        model_ = inner[0];
        for (std::size_t* offset :
             {&model_.value_begin, &model_.value_end, &model_.member_begin, &model_.member_end}) {
            *offset += whole.value_begin;
        }
        return take_target(body, target);
    }
};

class chat_express_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body,
                                                  inbound_target const& target) const override
    {
        return read_express<chat_express>(body, target);
    }
    std::unique_ptr<stream_relay> relay(request_facts const&) const override { return make_relay(); }
    /// Proxies drop alt=sse.
    std::unique_ptr<stream_reframer> reframer(char first, std::size_t max_event_bytes) const override
    {
        return first == '[' || first == '{' ? array_as_events(max_event_bytes) : nullptr;
    }
    result<relay_facts> inspect(std::string_view body) const override { return inspect_answer(body); }
};

class count_express_lane final : public express_lane {
public:
    result<std::unique_ptr<express_request>> read(std::string_view body,
                                                  inbound_target const& target) const override
    {
        return read_express<count_express>(body, target);
    }
    /// Counts are never streamed.
    std::unique_ptr<stream_relay> relay(request_facts const&) const override { return make_relay(); }

    result<relay_facts> inspect(std::string_view body) const override
    {
        json::document doc;
        json::parse_error error;
        if (!doc.parse(body, error)) {
            return nonsense("not JSON, " + json::to_string(error));
        }
        relay_facts facts;
        facts.ended = true;
        facts.error = in_band_error(doc.root());
        if (!facts.error && !doc.root().is_object()) {
            return nonsense("it is no count of tokens");
        }
        facts.content_seen = doc["totalTokens"].is_number();
        return facts;
    }
};

} // namespace

express_lane const& chat_lane() noexcept
{
    static const chat_express_lane lane;
    return lane;
}

express_lane const& count_tokens_lane() noexcept
{
    static const count_express_lane lane;
    return lane;
}

bool may_be_relayed(express_request const& request) noexcept
{
    auto const* ours = dynamic_cast<gemini_express const*>(&request);
    return ours != nullptr && ours->relayable();
}

} // namespace cogate::providers::gemini

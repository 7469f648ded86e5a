#include "providers/common/bodies.hpp"
#include "providers/common/model_express.hpp"
#include "providers/openai_media/codec.hpp"
#include "providers/openai_media/services.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/json/string.hpp"

#include <array>

namespace cogate::providers::openai_media {

namespace {

/// What a lane must know of its operation.
struct lane_row {
    std::string_view default_model; ///< empty: the client has to name one
    std::string_view required;      ///< the member without which nothing can be done
    bool required_is_text;          ///< else a string or an array
    std::string_view stream;        ///< the member that asks for a stream, or nothing
    std::string_view answer;        ///< main member of a whole answer; empty: it is no JSON
};

class media_express final : public model_express {
public:
    void splice(std::string_view upstream_model, spliced_body& out) const override
    {
        std::array<edit, 1> edits{};
        std::size_t count = 0;
        json::member_query const& model = fields_[0];
        if (!model.found) {
            edits[count].begin = edits[count].end = fields_[1].member_begin;
            edits[count].text = "\"model\":";
            json::append_quoted(edits[count].text, upstream_model);
            edits[count++].text += ',';
        } else if (model.kind == json::kind::null || facts_.model != upstream_model) {
            edits[count].begin = model.value_begin;
            edits[count].end = model.value_end;
            json::append_quoted(edits[count++].text, upstream_model);
        }
        apply(body_, {edits.data(), count}, out);
    }

    result<void> read(std::string_view body, lane_row const& row)
    {
        body_ = body;
        fields_[0].key = "model";
        fields_[1].key = row.required;
        fields_[2].key = row.stream;
        json::scan_error error;
        if (!json::find_members(body, fields_, error)) {
            return not_json(error, body);
        }
        if (absent(fields_[0]) && !row.default_model.empty()) {
            facts_.model = row.default_model;
        } else if (result<void> good = take_model(body, fields_[0]); !good) {
            return good;
        }
        if (absent(fields_[1])) {
            return missing(row.required);
        }
        const json::kind kind = fields_[1].kind;
        if (kind != json::kind::string && (row.required_is_text || kind != json::kind::array)) {
            return wrong_type(row.required, row.required_is_text ? "a string" : "a string or an array");
        }
        return read_stream(row.stream);
    }

private:
    result<void> read_stream(std::string_view name)
    {
        json::member_query const& field = fields_[2];
        if (name.empty() || absent(field)) {
            return {};
        }
        if (name == "stream") {
            return take_stream(field);
        }
        if (field.kind != json::kind::string) {
            return wrong_type(name, "a string");
        }
        facts_.stream = decoded(field.value_in(body_)) == "sse";
        return {};
    }

    std::array<json::member_query, 3> fields_{};
};

class media_lane final : public express_lane {
public:
    explicit constexpr media_lane(lane_row const& row) noexcept : row_(row) {}

    result<std::unique_ptr<express_request>> read(std::string_view body, inbound_target const&) const override
    {
        return read_express<media_express>(body, row_);
    }

    std::unique_ptr<stream_relay> relay(request_facts const&) const override { return make_relay(); }

    result<relay_facts> inspect(std::string_view body) const override
    {
        if (row_.answer.empty()) {
            relay_facts facts;
            facts.content_seen = !body.empty();
            facts.ended = true;
            return facts;
        }
        return inspect_answer(body, row_.answer);
    }

private:
    lane_row row_;
};

} // namespace

express_lane const& image_lane() noexcept
{
    static const media_lane lane({default_image_model, "prompt", true, "stream", "data"});
    return lane;
}

express_lane const& moderation_lane() noexcept
{
    static const media_lane lane({default_moderation_model, "input", false, {}, "results"});
    return lane;
}

express_lane const& speech_lane() noexcept
{
    static const media_lane lane({{}, "input", true, "stream_format", {}});
    return lane;
}

express_lane const& rerank_lane() noexcept
{
    static const media_lane lane({{}, "query", true, {}, "results"});
    return lane;
}

std::string_view upload_path(operation what, call_context const& context) noexcept
{
    media_service const& service = service_named(context.service.name);
    switch (what) {
    case operation::transcription: return service.transcription_path;
    case operation::translation: return service.translation_path;
    case operation::image_edit:
        return service.edits == media_service::references::form ? service.edit_path : std::string_view{};
    default: return {};
    }
}

} // namespace cogate::providers::openai_media

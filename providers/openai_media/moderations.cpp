#include "providers/openai_media/codec.hpp"

#include "providers/common/derived.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_media/field_list.hpp"
#include "providers/openai_media/token_usage.hpp"

#include <array>

namespace cogate::providers::openai_media {

namespace {

constexpr std::array<std::string_view, 2> known_request = {"model", "input"};
constexpr std::array<std::string_view, 4> known_response = {"id", "model", "results", "usage"};
constexpr std::array<std::string_view, 3> known_result = {"flagged", "categories", "category_scores"};

// Mistral does not say it.
bool any_category(json::value categories)
{
    for (json::member m : categories.members()) {
        if (m.val.as_bool().value_or(false)) {
            return true;
        }
    }
    return false;
}

class client_half final : public moderation_codec {
public:
    result<encoded_request> encode(moderation_request const& request,
                                   call_context const& context) const override
    {
        field_list fields(context);
        fields.text("model", context.model).raw("input", request.input).extra(request.extra);
        return fields.as_json("/moderations");
    }

    result<moderation_response> decode(whole_answer const& answer, moderation_request const&,
                                       call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = openai_chat::open_answer(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        const json::value root = *opened;
        if (!root["results"].is_array()) {
            return nonsense("it has no list of results");
        }
        moderation_response out{.id = root["id"].string(), .model = root["model"].string(), .results = {}};
        out.id = out.id.empty() ? derived_id("modr-", answer.body) : std::move(out.id);
        out.model = out.model.empty() ? std::string(context.model) : std::move(out.model);
        for (json::value item : root["results"]) {
            moderation_result one;
            reader in(false);
            in.raw(item, "categories", one.categories);
            in.raw(item, "category_scores", one.category_scores);
            one.flagged = item["flagged"].as_bool().value_or(any_category(item["categories"]));
            keep_unknown(item, known_result, one.extra);
            out.results.push_back(std::move(one));
        }
        out.usage = read_usage(root["usage"]);
        keep_unknown(root, known_response, out.extra);
        return out;
    }
};

class server_half final : public server_codec<moderation_request, moderation_response> {
public:
    result<moderation_request> parse(std::string_view body) const override
    {
        json::document doc;
        const result<json::value> opened = open_request(doc, body);
        if (!opened) {
            return opened.error();
        }
        const json::value root = *opened;
        reader in(true);
        moderation_request out;
        in.text(root, "model", place{}, out.model);
        const place at{nullptr, "input"};
        const json::value input = root["input"];
        if (!input.exists() || input.is_null()) {
            in.missing(at);
        } else if (!input.is_string() && !input.is_array()) {
            in.wrong_type(at, "a string or an array", input);
        }
        if (!in.good()) {
            return in.error();
        }
        out.model = out.model.empty() ? std::string(default_moderation_model) : std::move(out.model);
        in.raw(root, "input", out.input);
        keep_unknown(root, known_request, out.extra);
        return out;
    }

    void write(moderation_response const& response, moderation_request const&, std::string& to) const override
    {
        json::writer out(to);
        raw_writer raw(out);
        out.begin_object()
            .member("id", response.id)
            .member("model", response.model)
            .key("results")
            .begin_array();
        for (moderation_result const& one : response.results) {
            out.begin_object().member("flagged", one.flagged);
            raw.member("categories", one.categories);
            raw.member("category_scores", one.category_scores);
            raw.extra(one.extra);
            out.end_object();
        }
        out.end_array();
        if (response.usage.reported) {
            out.key("usage");
            write_usage(raw, response.usage, usage_style::audio);
        }
        raw.extra(response.extra);
        out.end_object();
    }

    express_lane const* express() const noexcept override { return &moderation_lane(); }
};

} // namespace

moderation_codec const& client_moderations() noexcept
{
    static const client_half half;
    return half;
}

server_codec<moderation_request, moderation_response> const& server_moderations() noexcept
{
    static const server_half half;
    return half;
}

} // namespace cogate::providers::openai_media

#include "providers/huggingface/codec.hpp"

#include <cogate/moderation.hpp>

#include "lib/core/text.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/derived.hpp"
#include "providers/common/lacks.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::huggingface {

namespace {

// Labels that say that nothing is wrong; every other one flags a text when its score is one half or more.
constexpr std::array<std::string_view, 10> harmless = {
    "safe", "ok", "neutral", "normal", "benign", "sfw", "non-toxic", "nontoxic", "clean", "not_toxic"};

bool is_harmless(std::string_view label) noexcept
{
    return std::any_of(harmless.begin(), harmless.end(),
                       [&](std::string_view word) { return core::iequals(word, label); });
}

result<void> write_input(json::writer& out, raw_json const& input)
{
    json::document doc;
    json::parse_error error;
    if (!doc.parse(input.text, error)) {
        return failure(error_kind::invalid_request, "'input' is not valid JSON").with_param("input");
    }
    const json::value root = doc.root();
    // A bare text gives a bare list of labels, a list of texts a list of lists: always the latter.
    out.begin_array();
    if (root.is_string()) {
        out.begin_array().raw(root.raw()).end_array();
    }
    std::size_t at = 0;
    for (json::value item : root) {
        const json::value text = item["type"].equals("text") ? item["text"] : item;
        if (!text.is_string()) {
            return unsupported_content("input other than text", "input[" + std::to_string(at) + "]");
        }
        out.begin_array().raw(text.raw()).end_array();
        ++at;
    }
    out.end_array();
    return {};
}

moderation_result judge(json::value labels)
{
    moderation_result out;
    json::writer categories(out.categories.text);
    json::writer scores(out.category_scores.text);
    categories.begin_object();
    scores.begin_object();
    for (json::value item : labels) {
        const std::optional<double> score = item["score"].as_double();
        if (!item["label"].is_string() || !score) {
            continue;
        }
        const std::string label = item["label"].string();
        const bool hit = *score >= 0.5;
        out.flagged = out.flagged || (hit && !is_harmless(label));
        categories.member(label, hit);
        scores.raw_member(label, item["score"].raw());
    }
    categories.end_object();
    scores.end_object();
    return out;
}

class codec_half final : public moderation_codec {
public:
    result<encoded_request> encode(moderation_request const& request, call_context const&) const override
    {
        encoded_request encoded{.path = "/predict", .body = {}};
        json::writer out(encoded.body);
        raw_writer to(out);
        out.begin_object().key("inputs");
        if (const result<void> wrote = write_input(out, request.input); !wrote) {
            return wrote.error();
        }
        return close_request(to, std::move(encoded), request.extra);
    }

    result<moderation_response> decode(whole_answer const& answer, moderation_request const&,
                                       call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = open_list(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        moderation_response out{
            .id = derived_id("modr-", answer.body), .model = std::string(context.model), .results = {}};
        const json::value root = *opened;
        if (root[std::size_t{0}].is_object()) {
            out.results.push_back(judge(root));
            return out;
        }
        for (json::value labels : root) {
            if (!labels.is_array()) {
                return nonsense("it is no list of labels");
            }
            out.results.push_back(judge(labels));
        }
        return out;
    }
};

} // namespace

moderation_codec const& moderations() noexcept
{
    static const codec_half half;
    return half;
}

} // namespace cogate::providers::huggingface

#include "providers/gemini/embeddings.hpp"

#include "providers/common/vectors.hpp"
#include "providers/gemini/codec.hpp"
#include "providers/gemini/members.hpp"
#include "providers/gemini/token_usage.hpp"

#include <array>

namespace cogate::providers::gemini {

namespace {

/// Cohere's and Voyage's words for what an embedding is for.
std::string_view task_of(std::string_view input_type) noexcept
{
    struct row {
        std::string_view theirs;
        std::string_view ours;
    };
    static constexpr std::array<row, 6> rows = {{{"search_document", "RETRIEVAL_DOCUMENT"},
                                                 {"document", "RETRIEVAL_DOCUMENT"},
                                                 {"search_query", "RETRIEVAL_QUERY"},
                                                 {"query", "RETRIEVAL_QUERY"},
                                                 {"classification", "CLASSIFICATION"},
                                                 {"clustering", "CLUSTERING"}}};
    for (row const& r : rows) {
        if (r.theirs == input_type) {
            return r.ours;
        }
    }
    return {};
}

class batch_codec final : public embedding_codec {
public:
    result<encoded_request> encode(embedding_request const& request,
                                   call_context const& context) const override
    {
        const result<std::vector<std::string> const*> texts = texts_of(request);
        if (!texts) {
            return texts.error();
        }
        static constexpr flavour here{};
        encoded_request encoded{.path = model_path(here, context.model, ":batchEmbedContents"), .body = {}};
        json::writer out(encoded.body);
        raw_writer to(out);
        const bool prefixed =
            context.model.starts_with("models/") || context.model.starts_with("tunedModels/");
        const std::string model = (prefixed ? "" : "models/") + std::string(context.model);
        out.begin_object().key("requests").begin_array();
        for (std::string const& text : **texts) {
            out.begin_object()
                .member("model", model)
                .key("content")
                .begin_object()
                .key("parts")
                .begin_array();
            out.begin_object().member("text", text).end_object().end_array().end_object();
            if (request.dimensions) {
                out.member("outputDimensionality", *request.dimensions);
            }
            write_embedding_extra(to, request, false);
            out.end_object();
        }
        out.end_array().end_object();
        if (!to.good()) {
            return to.error();
        }
        return encoded;
    }

    result<embedding_response> decode(whole_answer const& answer, embedding_request const& request,
                                      call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = open_answer(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        const json::value list = (*opened)["embeddings"];
        if (!list.is_array()) {
            return nonsense("it has no list of embeddings");
        }
        embedding_response out;
        out.model = context.model;
        out.usage = read_usage((*opened)["usageMetadata"]); // newer models only
        for (json::value item : list) {
            if (const result<void> added = add_vector(item["values"], out); !added) {
                return added.error();
            }
        }
        if (const result<void> fits = check_count(out, request); !fits) {
            return fits.error();
        }
        return out;
    }

    std::size_t max_inputs(call_context const&) const noexcept override { return 100; }
};

} // namespace

void write_embedding_extra(raw_writer& to, embedding_request const& request, bool snake_case)
{
    static constexpr std::array<std::string_view, 2> taken = {"taskType", "title"};
    for (auto const& [key, value] : request.extra) {
        const std::string name = camel(key);
        if (name == "inputType") {
            json::document doc;
            json::parse_error error;
            const bool good = doc.parse(value.text, error);
            if (const std::string_view task = task_of(doc.root().string()); good && !task.empty()) {
                to.out().member(snake_case ? "task_type" : "taskType", task);
            }
        }
        for (std::string_view const known : taken) {
            if (name == known) {
                to.member(snake_case && known == "taskType" ? "task_type" : known, value);
            }
        }
    }
}

result<void> add_vector(json::value values, embedding_response& out)
{
    embedding one;
    one.index = static_cast<std::int64_t>(out.data.size());
    if (!values.is_array() || !read_vector(values, one.values)) {
        return nonsense("an embedding is no list of numbers");
    }
    out.data.push_back(std::move(one));
    return {};
}

result<void> check_count(embedding_response const& response, embedding_request const& request)
{
    const std::size_t inputs = std::visit([](auto const& list) { return list.size(); }, request.input);
    if (inputs != 0 && inputs != response.data.size()) {
        return nonsense("it has another number of embeddings than there were inputs");
    }
    return {};
}

embedding_codec const& client_embeddings() noexcept
{
    static const batch_codec codec;
    return codec;
}

} // namespace cogate::providers::gemini

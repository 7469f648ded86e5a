#include "providers/openai_media/codec.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/fields.hpp"

#include <array>

namespace cogate::providers::openai_media {

namespace {

constexpr std::array<std::string_view, 8> known = {"model",
                                                   "query",
                                                   "documents",
                                                   "top_n",
                                                   "rank_fields",
                                                   "return_documents",
                                                   "max_chunks_per_doc",
                                                   "max_tokens_per_doc"};

void read_documents(reader& in, json::value list, std::vector<raw_json>& out)
{
    const place at{nullptr, "documents"};
    if (!list.exists() || list.is_null()) {
        in.missing(at);
        return;
    }
    if (!list.is_array()) {
        in.wrong_type(at, "an array", list);
        return;
    }
    place element{&at, {}, 0};
    for (json::value item : list) {
        if (!item.is_string() && !item.is_object()) {
            in.wrong_type(element, "a string or an object", item);
            return;
        }
        out.push_back(raw_json{std::string(item.raw())});
        ++element.index;
    }
    if (out.empty()) {
        in.wrong_value(at, "must not be empty");
    }
}

void read_rank_fields(reader& in, json::value list, std::vector<std::string>& out)
{
    const place at{nullptr, "rank_fields"};
    if (list.exists() && !list.is_null() && !list.is_array()) {
        in.wrong_type(at, "an array of strings", list);
    }
    place element{&at, {}, 0};
    for (json::value item : list) {
        if (!item.is_string()) {
            in.wrong_type(element, "a string", item);
            return;
        }
        out.push_back(item.string());
        ++element.index;
    }
}

// Cohere's meta: what is billed, and the tokens.
void write_meta(json::writer& out, rerank_response const& response)
{
    out.key("meta").begin_object();
    if (response.search_units || response.usage.reported) {
        out.key("billed_units").begin_object();
        if (response.search_units) {
            out.member("search_units", *response.search_units);
        }
        if (response.usage.reported) {
            out.member("total_tokens", response.usage.total_tokens);
        }
        out.end_object();
    }
    if (response.usage.reported) {
        out.key("tokens").begin_object().member("input_tokens", response.usage.prompt_tokens);
        out.member("output_tokens", response.usage.completion_tokens).end_object();
    }
    out.end_object();
}

class server_half final : public server_codec<rerank_request, rerank_response> {
public:
    result<rerank_request> parse(std::string_view body) const override
    {
        json::document doc;
        const result<json::value> opened = open_request(doc, body);
        if (!opened) {
            return opened.error();
        }
        const json::value root = *opened;
        reader in(true);
        const place top;
        rerank_request out;
        in.text(root, "model", top, out.model);
        in.text(root, "query", top, out.query);
        for (auto const& [name, value] : {std::pair{"model", &out.model}, std::pair{"query", &out.query}}) {
            if (value->empty()) {
                in.missing(place{nullptr, name});
            }
        }
        read_documents(in, root["documents"], out.documents);
        in.integer(root, "top_n", top, out.top_n);
        if (out.top_n && *out.top_n < 1) {
            in.wrong_value(place{nullptr, "top_n"}, "must be at least 1");
        }
        read_rank_fields(in, root["rank_fields"], out.rank_fields);
        in.flag(root, "return_documents", top, out.return_documents);
        in.integer(root, "max_chunks_per_doc", top, out.max_chunks_per_doc);
        in.integer(root, "max_tokens_per_doc", top, out.max_tokens_per_doc);
        if (!in.good()) {
            return in.error();
        }
        keep_unknown(root, known, out.extra);
        return out;
    }

    void write(rerank_response const& response, rerank_request const&, std::string& to) const override
    {
        json::writer out(to);
        raw_writer raw(out);
        out.begin_object().member("id", response.id).key("results").begin_array();
        for (rerank_result const& one : response.results) {
            out.begin_object().member("index", one.index).member("relevance_score", one.relevance_score);
            raw.member("document", one.document);
            out.end_object();
        }
        out.end_array();
        if (response.extra.find("meta") == nullptr) {
            write_meta(out, response);
        }
        raw.extra(response.extra);
        out.end_object();
    }
};

} // namespace

server_codec<rerank_request, rerank_response> const& server_rerank() noexcept
{
    static const server_half half;
    return half;
}

} // namespace cogate::providers::openai_media

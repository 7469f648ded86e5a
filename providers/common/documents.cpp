#include "providers/common/documents.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/lacks.hpp"

#include <algorithm>

namespace cogate::providers {

namespace {

void add_line(std::string& text, std::string_view name, json::value value)
{
    text += name;
    text += ": ";
    if (value.is_string()) {
        value.append_string_to(text);
    } else {
        text += value.raw();
    }
    text += '\n';
}

/// False when the document has nothing to read.
bool read_text(json::value document, std::vector<std::string> const& fields, std::string& out)
{
    if (document.is_string()) {
        document.append_string_to(out);
        return true;
    }
    if (!document.is_object()) {
        return false;
    }
    if (fields.empty() && document["text"].is_string()) {
        document["text"].append_string_to(out);
        return true;
    }
    for (std::string const& name : fields) {
        if (const json::value value = document[name]; value.exists()) {
            add_line(out, name, value);
        }
    }
    for (json::member m : document.members()) {
        if (fields.empty()) {
            add_line(out, m.key, m.val);
        }
    }
    return !out.empty();
}

/// Cohere's shape: an object with a text.
raw_json as_object(std::string_view document_json)
{
    raw_json out;
    if (document_json.starts_with('{')) {
        out.text = document_json;
    } else {
        json::writer to(out.text);
        to.begin_object().raw_member("text", document_json).end_object();
    }
    return out;
}

} // namespace

result<void> write_texts(json::writer& out, rerank_request const& request)
{
    out.begin_array();
    json::document doc;
    json::parse_error error;
    for (std::size_t i = 0; i != request.documents.size(); ++i) {
        std::string text;
        if (!doc.parse(request.documents[i].text, error) ||
            !read_text(doc.root(), request.rank_fields, text)) {
            return unsupported_content("a document without text", "documents[" + std::to_string(i) + "]");
        }
        out.value(text);
    }
    out.end_array();
    return {};
}

result<std::vector<rerank_result>> read_results(json::value list, std::string_view score,
                                                rerank_request const& request)
{
    if (!list.is_array()) {
        return nonsense("it has no list of results");
    }
    std::vector<rerank_result> out;
    const auto count = static_cast<std::int64_t>(request.documents.size());
    for (json::value item : list) {
        const std::optional<std::int64_t> index = item["index"].as_int64();
        const std::optional<double> relevance = item[score].as_double();
        if (!index || !relevance || *index < 0 || (count != 0 && *index >= count)) {
            return nonsense("a result has no score, or an index that no document has");
        }
        rerank_result one{.index = *index, .relevance_score = *relevance, .document = {}};
        for (std::string_view const name : {"document", "text"}) {
            const json::value given = item[name];
            if (given.is_string() || (given.is_object() && given.size() != 0)) {
                one.document = as_object(given.raw());
                break;
            }
        }
        if (one.document.empty() && request.return_documents == true && count != 0) {
            one.document = as_object(request.documents[static_cast<std::size_t>(*index)].text);
        }
        out.push_back(std::move(one));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](auto const& a, auto const& b) { return a.relevance_score > b.relevance_score; });
    if (request.top_n && *request.top_n >= 0 && out.size() > static_cast<std::size_t>(*request.top_n)) {
        out.resize(static_cast<std::size_t>(*request.top_n));
    }
    return out;
}

} // namespace cogate::providers

#include "providers/gemini/answers.hpp"

#include "providers/gemini/members.hpp"

#include "lib/core/json/writer.hpp"

#include <algorithm>

namespace cogate::providers::gemini {

namespace {

// A provider that lists pages without end must not grow our memory.
constexpr std::size_t most_pages = 256;

void write_token(json::writer& out, json::value candidate)
{
    const std::string token = candidate["token"].string();
    out.member("token", token);
    if (candidate["logProbability"].is_number()) {
        out.raw_member("logprob", candidate["logProbability"].raw());
    } else {
        out.member("logprob", 0);
    }
    out.key("bytes").begin_array();
    for (char const c : token) {
        out.value(static_cast<int>(static_cast<unsigned char>(c)));
    }
    out.end_array();
}

void write_candidate(json::writer& out, json::value item)
{
    out.begin_object().member("token", item["token"].string());
    if (item["logprob"].is_number()) {
        out.raw_member("logProbability", item["logprob"].raw());
    }
    out.end_object();
}

} // namespace

raw_json read_logprobs(json::value found)
{
    const json::value chosen = found["chosenCandidates"];
    raw_json out;
    if (!chosen.is_array()) {
        return out;
    }
    json::writer to(out.text);
    to.begin_object().key("content").begin_array();
    auto top = found["topCandidates"].begin();
    const auto no_more = found["topCandidates"].end();
    for (json::value token : chosen) {
        to.begin_object();
        write_token(to, token);
        to.key("top_logprobs").begin_array();
        if (top != no_more) {
            for (json::value other : (*top)["candidates"]) {
                to.begin_object();
                write_token(to, other);
                to.end_object();
            }
            ++top;
        }
        to.end_array().end_object();
    }
    to.end_array().key("refusal").value(nullptr).end_object();
    return out;
}

std::string write_logprobs(raw_json const& logprobs)
{
    json::document doc;
    json::parse_error error;
    std::string text;
    if (!doc.parse(logprobs.text, error) || !doc["content"].is_array()) {
        return text;
    }
    json::writer out(text);
    out.begin_object().key("topCandidates").begin_array();
    for (json::value token : doc["content"]) {
        out.begin_object().key("candidates").begin_array();
        for (json::value other : token["top_logprobs"]) {
            write_candidate(out, other);
        }
        out.end_array().end_object();
    }
    out.end_array().key("chosenCandidates").begin_array();
    for (json::value token : doc["content"]) {
        write_candidate(out, token);
    }
    out.end_array().end_object();
    return text;
}

raw_json read_annotations(json::value candidate, std::vector<std::string>& seen)
{
    raw_json out;
    json::writer to(out.text);
    bool any = false;
    for (json::value chunk : candidate["groundingMetadata"]["groundingChunks"]) {
        const json::value page = chunk["web"];
        std::string url = page["uri"].string();
        if (url.empty() || seen.size() >= most_pages ||
            std::find(seen.begin(), seen.end(), url) != seen.end()) {
            continue;
        }
        if (!any) {
            to.begin_array();
        }
        any = true;
        to.begin_object()
            .member("type", "url_citation")
            .key("url_citation")
            .begin_object()
            .member("url", url);
        to.member("title", page["title"].string()).end_object().end_object();
        seen.push_back(std::move(url));
    }
    if (any) {
        to.end_array();
    }
    return out;
}

std::optional<raw_json> read_audio(json::value part, std::string_view id)
{
    const json::value blob = member(part, "inlineData");
    const std::string type = member(blob, "mimeType").string();
    if (!type.starts_with("audio/")) {
        return std::nullopt;
    }
    raw_json out;
    json::writer to(out.text);
    to.begin_object().member("id", "audio_" + std::string(id)).member("expires_at", 0);
    to.member("data", blob["data"].string()).member("transcript", "").member("mime_type", type).end_object();
    return out;
}

std::string block_reason(json::value root)
{
    const json::value reason = root["promptFeedback"]["blockReason"];
    return reason.is_number() ? "OTHER" : reason.string();
}

} // namespace cogate::providers::gemini

// Every recorded request to Converse, read by the test and built anew.

#include "providers/bedrock_converse/dialect.hpp"
#include "test/providers/bedrock_converse/support.hpp"

#include "lib/core/text.hpp"

namespace cogate::test::bedrock {

namespace {

providers::client_dialect const& dialect()
{
    return providers::bedrock_converse::client();
}

raw_json raw(bj::value const& value)
{
    return {std::string(bj::serialize(value))};
}

std::optional<cache_mark>* mark_place(content_part& part)
{
    if (auto* text = std::get_if<text_part>(&part)) {
        return &text->cache;
    }
    auto* file = std::get_if<file_part>(&part);
    return file == nullptr ? nullptr : &file->cache;
}

content_part read_part(bj::value const& block)
{
    if (at(block, "text") != nullptr) {
        return text_part{.text = text_at(block, "text")};
    }
    for (std::string const key : {"image", "document"}) {
        bj::value const* media = at(block, key);
        if (media == nullptr) {
            continue;
        }
        media_source source;
        source.data = text_at(media->at("source"), "bytes");
        if (bj::value const* location = at(media->at("source"), "s3Location")) {
            source.url = text_at(*location, "uri");
        }
        const std::string format = text_at(*media, "format");
        if (key == "image") {
            source.media_type = "image/" + format;
            return image_part{.source = source};
        }
        if (at(media->at("source"), "text") == nullptr) {
            source.media_type = format == "pdf" ? "application/pdf" : "text/plain";
            return file_part{.source = source, .filename = text_at(*media, "name")};
        }
    }
    return unknown_part{.type = std::string(block.as_object().begin()->key()), .value = raw(block)};
}

void read_message(bj::value const& said, std::vector<message>& out)
{
    message m;
    m.role = text_at(said, "role") == "assistant" ? role::assistant : role::user;
    for (bj::value const& block : said.at("content").as_array()) {
        if (bj::value const* use = at(block, "toolUse")) {
            tool_call call{.id = text_at(*use, "toolUseId"),
                           .name = text_at(*use, "name"),
                           .arguments = raw(use->at("input")).text};
            m.tool_calls.push_back(std::move(call));
        } else if (bj::value const* answer = at(block, "toolResult")) {
            message result;
            result.role = role::tool;
            result.tool_call_id = text_at(*answer, "toolUseId");
            result.tool_error = text_at(*answer, "status") == "error";
            for (bj::value const& piece : answer->at("content").as_array()) {
                result.content.push_back(read_part(piece));
            }
            out.push_back(std::move(result));
        } else if (at(block, "cachePoint") != nullptr) {
            *mark_place(m.content.back()) = cache_mark{};
        } else {
            m.content.push_back(read_part(block));
        }
    }
    if (!m.content.empty() || !m.tool_calls.empty()) {
        out.push_back(std::move(m));
    }
}

void read_system(bj::value const& list, std::vector<message>& out)
{
    for (bj::value const& block : list.as_array()) {
        if (at(block, "cachePoint") != nullptr) {
            out.back().cache = cache_mark{};
        } else {
            out.push_back(system(text_at(block, "text")));
        }
    }
}

void read_tools(bj::value const& config, chat_request& out)
{
    for (bj::value const& item : config.at("tools").as_array()) {
        if (bj::value const* spec = at(item, "toolSpec")) {
            tool t{.name = text_at(*spec, "name"), .description = text_at(*spec, "description")};
            t.parameters = raw(spec->at("inputSchema").at("json"));
            if (bj::value const* strict = at(*spec, "strict")) {
                t.strict = strict->as_bool();
            }
            out.tools.push_back(std::move(t));
        } else if (at(item, "cachePoint") != nullptr) {
            out.tools.back().cache = cache_mark{};
        } else {
            out.tools.push_back(tool{.name = "", .type = "system", .definition = raw(item)});
        }
    }
    if (bj::value const* choice = at(config, "toolChoice")) {
        tool_choice wish;
        wish.how = at(*choice, "any") != nullptr    ? tool_choice::mode::required
                   : at(*choice, "auto") != nullptr ? tool_choice::mode::automatic
                                                    : tool_choice::mode::function;
        if (wish.how == tool_choice::mode::function) {
            wish.name = text_at(choice->at("tool"), "name");
        }
        out.tool_choice = wish;
    }
}

chat_request read_request(bj::value const& asked)
{
    chat_request out{.model = "m", .messages = {}};
    for (auto const& member : asked.as_object()) {
        const std::string key(member.key());
        bj::value const& value = member.value();
        if (key == "system") {
            read_system(value, out.messages);
        } else if (key == "inferenceConfig") {
            if (at(value, "maxTokens") != nullptr) {
                out.max_tokens = number_at(value, "maxTokens");
            }
            for (auto const& [name, to] :
                 {std::pair{"temperature", &out.temperature}, std::pair{"topP", &out.top_p}}) {
                if (bj::value const* number = at(value, name)) {
                    *to = number_text::from_json(raw(*number).text);
                }
            }
            if (bj::value const* stops = at(value, "stopSequences")) {
                for (bj::value const& stop : stops->as_array()) {
                    out.stop.push_back(plain(stop.as_string()));
                }
            }
        } else if (key == "toolConfig") {
            read_tools(value, out);
        } else if (key == "additionalModelRequestFields") {
            if (bj::value const* thinking = at(value, "thinking")) {
                out.reasoning.budget_tokens = number_at(*thinking, "budget_tokens");
            } else {
                out.reasoning.effort = text_at(value.at("reasoningConfig"), "maxReasoningEffort");
            }
        } else if (key != "messages") {
            out.extra.set(key, raw(value));
        }
    }
    for (bj::value const& m : asked.at("messages").as_array()) {
        read_message(m, out.messages);
    }
    return out;
}

/// Empty members away, turns of one role joined, a status of success unsaid: what has no meaning.
bj::value normalized(bj::value request)
{
    bj::object& root = request.as_object();
    for (std::string const key : {"system", "inferenceConfig"}) {
        bj::value const* found = root.if_contains(key);
        if (found != nullptr &&
            (found->is_array() ? found->as_array().empty() : found->as_object().empty())) {
            root.erase(key);
        }
    }
    bj::array joined;
    for (bj::value& m : root.at("messages").as_array()) {
        for (bj::value& block : m.at("content").as_array()) {
            if (bj::value* answer = block.as_object().if_contains("toolResult")) {
                if (text_at(*answer, "status") == "success") {
                    answer->as_object().erase("status");
                }
            }
        }
        if (!joined.empty() && joined.back().at("role") == m.at("role")) {
            bj::array& to = joined.back().at("content").as_array();
            for (bj::value const& block : m.at("content").as_array()) {
                to.push_back(block);
            }
        } else {
            joined.push_back(m);
        }
    }
    root.at("messages") = std::move(joined);
    return request;
}

void check_request(std::filesystem::path const& path)
{
    const bj::value asked = oracle(read_file(path));
    const bj::value meta = oracle(beside(path, "request.json", "meta.json"));
    std::string url = text_at(meta, "url");
    const std::size_t begin = url.find("/model/") + 7;
    std::string model = url.substr(begin, url.rfind('/') - begin);
    if (const std::size_t colon = model.find("%3A"); colon != std::string::npos) {
        model.replace(colon, 3, ":");
    }
    const bool stream = url.ends_with("/converse-stream");
    const auto encoded = dialect().encode_chat(read_request(asked), provider_context(model, stream));
    BOOST_REQUIRE_MESSAGE(encoded.has_value(), (encoded ? "" : encoded.error()->message));
    const bj::value ours = normalized(oracle(encoded->body));
    const bj::value theirs = normalized(asked);
    BOOST_TEST((ours == theirs), "ours " << bj::serialize(ours) << "\ntheirs " << bj::serialize(theirs));
    std::string sent = url.substr(url.find("/model/"));
    if (const std::size_t colon = sent.find(':'); colon != std::string::npos) {
        sent.replace(colon, 1, "%3A"); // the recorder decoded it
    }
    BOOST_TEST(encoded->path == sent);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_bedrock_converse_recorded_requests)

BOOST_AUTO_TEST_CASE(requests)
{
    for (std::string const folder : {"bedrock/converse", "bedrock/converse-stream"}) {
        for (auto const& path : fixtures(folder, ".request.json")) {
            BOOST_TEST_CONTEXT(path.filename().string())
            {
                check_request(path);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::bedrock

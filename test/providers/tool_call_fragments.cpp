// The arguments of tool calls as providers cut them (shared/fixtures/protocol/tool-call-args): joined they are what a
// second reader joined.
#include "providers/registry.hpp"

#include "lib/core/json/document.hpp"
#include "test/common/aws_frames.hpp"
#include "test/common/decoded_stream.hpp"
#include "test/common/shared_files.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace cogate::test {

namespace {

const std::map<std::string, std::string> dialects = {{"openai-chat", "openai_chat"},
                                                     {"openai-responses", "openai_responses"},
                                                     {"anthropic", "anthropic_messages"},
                                                     {"bedrock-converse", "bedrock_converse"},
                                                     {"cohere-v2", "cohere"}};

/// The first line of this recording is cut short.
constexpr std::string_view damaged = "openai/responses/vc-parallel-tool-call-wrapper.1.chunks.txt";

/// The streams of a recording, framed anew where they were recorded without framing; some hold several responses.
std::vector<std::string> streams_of(std::filesystem::path const& fixtures, std::string source,
                                    std::string const& dialect)
{
    if (source.ends_with(".decoded.jsonl")) {
        source.replace(source.size() - 14, 14, ".stream.bin");
    }
    std::string const bytes = read_file(fixtures / source);
    if (!source.ends_with(".chunks.txt")) {
        return {bytes};
    }
    std::vector<std::string> out(1);
    std::istringstream in(bytes);
    for (std::string line; std::getline(in, line);) {
        json::document doc;
        json::parse_error error;
        if (line.empty()) {
            continue;
        }
        if (line.starts_with(R"({"type":"response.created")") && !out.back().empty()) {
            out.emplace_back();
        }
        if (dialect != "bedrock-converse") {
            out.back() += "data: " + line + "\n\n";
            continue;
        }
        BOOST_REQUIRE(doc.parse(line, error));
        for (auto const [type, payload] : doc.root().members()) {
            out.back() += aws_event(std::string(type), std::string(payload.raw()));
        }
    }
    out.back() += dialect == "openai-chat" ? "data: [DONE]\n\n" : "";
    return out;
}

std::optional<tool_call> find_call(chat_response const& answer, std::string const& id,
                                   std::string const& name)
{
    for (chat_choice const& choice : answer.choices) {
        for (tool_call const& call : choice.message.tool_calls) {
            if (call.id == id && call.name == name) {
                return call;
            }
        }
    }
    return std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_tool_call_fragments)

BOOST_AUTO_TEST_CASE(joined_they_are_the_arguments)
{
    const auto shared = shared_dir();
    if (!shared) {
        BOOST_TEST_MESSAGE("skipped: the shared folder is not there");
        return;
    }
    const auto fixtures = *shared / "fixtures";
    json::document doc;
    json::parse_error error;
    const std::string table = read_file(fixtures / "protocol/tool-call-args/toolcall-fragments.json");
    BOOST_REQUIRE(doc.parse(table, error));
    std::size_t checked = 0;
    for (json::value const vector : doc.root()) {
        const std::string source = vector["source"].string();
        const std::string id = vector["id"].string();
        const std::string name = vector["name"].string();
        const std::string dialect = vector["dialect"].string();
        BOOST_TEST_CONTEXT(source << ' ' << id << ' ' << name)
        {
            providers::client_dialect const* const client =
                providers::find_client_dialect(dialects.at(dialect));
            std::optional<tool_call> call;
            for (std::string const& bytes : streams_of(fixtures, source, dialect)) {
                if (!call) {
                    call = find_call(fold(decode_stream_of(*client, bytes).chunks), id, name);
                }
            }
            // What the provider runs itself is no call for the client.
            if (id.starts_with("srvtoolu") || id.starts_with("mcptoolu")) {
                BOOST_TEST(!call.has_value());
                ++checked;
                continue;
            }
            if (source == damaged) {
                BOOST_TEST(!call.has_value()); // nothing is read behind what is no JSON
                continue;
            }
            BOOST_REQUIRE(call.has_value());
            const std::string joined = vector["joined"].string();
            json::document arguments;
            if (!joined.empty()) {
                BOOST_TEST(call->arguments == joined);
            } else if (call->arguments.empty()) {
                BOOST_TEST(dialect == "openai-chat"); // said so: ""
            } else {
                // whatever a last event said in one piece, or nothing: an object all the same
                BOOST_TEST((arguments.parse(call->arguments, error) && arguments.root().is_object()));
            }
            ++checked;
        }
    }
    BOOST_TEST(checked > 60U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test

#include "test/providers/openai_chat/support.hpp"

#include "providers/registry.hpp"

#include <array>
#include <map>
#include <set>

namespace cogate::test {

namespace bj = boost::json;

namespace {

/// What we add or may spell otherwise, made equal on both sides.
bj::value normal(bj::value request)
{
    bj::object& root = request.as_object();
    for (bj::value& m : root["messages"].as_array()) {
        bj::object& fields = m.as_object();
        for (char const* name : {"content", "refusal", "audio", "tool_calls", "name"}) {
            if (bj::value const* found = fields.if_contains(name); found != nullptr && found->is_null()) {
                fields.erase(name);
            }
        }
        if (bj::value* calls = fields.if_contains("tool_calls")) {
            for (bj::value& call : calls->as_array()) {
                call.as_object().emplace("type", "function");
            }
        }
    }
    if (bj::value* tools = root.if_contains("tools"); tools != nullptr && tools->is_array()) {
        for (bj::value& t : tools->as_array()) {
            t.as_object().emplace("type", "function");
        }
    }
    // One answer is what everybody gives unasked; services that know no other number are not told.
    if (bj::value const* n = root.if_contains("n"); n != nullptr && *n == 1) {
        root.erase("n");
    }
    std::vector<std::string> nulls;
    for (auto const& member : root) {
        if (member.value().is_null()) {
            nulls.emplace_back(member.key().data(), member.key().size());
        }
    }
    for (std::string const& key : nulls) {
        root.erase(bj::string_view(key.data(), key.size()));
    }
    if (bj::value const* stream = root.if_contains("stream"); stream != nullptr && stream->is_bool()) {
        if (stream->as_bool()) {
            bj::object options;
            if (bj::value const* had = root.if_contains("stream_options")) {
                options = had->as_object();
            }
            options["include_usage"] = true;
            root["stream_options"] = options;
        } else {
            root.erase("stream");
        }
    }
    return request;
}

/// The table's row for a folder of recordings: its quirks must not spoil what its own clients send.
providers::provider row_of(std::string_view service)
{
    static const std::map<std::string_view, std::string_view> names = {
        {"together", "together_ai"},       {"vllm", "hosted_vllm"},
        {"moonshotai", "moonshot"},        {"alibaba", "dashscope"},
        {"gpustack", "openai_compatible"}, {"openai-compatible", "openai_compatible"}};
    auto const at = names.find(service);
    providers::provider const* const row = providers::find_provider(at != names.end() ? at->second : service);
    BOOST_REQUIRE(row != nullptr);
    return *row;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_chat_recorded_requests)

BOOST_AUTO_TEST_CASE(requests)
{
    std::size_t seen = 0;
    for (char const* service : services) {
        for (auto const& path : fixtures(std::string(service) + "/chat", ".request.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string body = read_file(path);
                bool stream = false;
                result<chat_request> const parsed = test::parse_chat(body, stream);
                if (!parsed) {
                    BOOST_ERROR(parsed.error()->message);
                    continue;
                }
                auto const encoded = providers::openai_chat::client().encode_chat(
                    *parsed, provider_context(parsed->model, stream, row_of(service)));
                if (!encoded) {
                    BOOST_ERROR(encoded.error()->message);
                    continue;
                }
                const bj::value theirs = normal(oracle(body));
                const bj::value ours = normal(oracle(encoded->body));
                BOOST_CHECK_MESSAGE(ours == theirs, bj::serialize(ours) << "\n  instead of\n"
                                                                        << bj::serialize(theirs));
                ++seen;
            }
        }
    }
    if (seen == 0) {
        BOOST_TEST_MESSAGE("skipped: no recorded requests here");
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test

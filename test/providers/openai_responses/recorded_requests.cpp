#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

namespace bj = boost::json;

namespace {

void drop_nulls(bj::object& object)
{
    for (auto it = object.begin(); it != object.end();) {
        it = it->value().is_null() ? object.erase(it) : std::next(it);
    }
}

/// What we may leave out or spell otherwise, made equal on both sides: ids and states of items, empty lists, nulls, a
/// bare input text, and defaults.
bj::value normal(bj::value request)
{
    bj::object& root = request.as_object();
    drop_nulls(root);
    if (bj::value const* input = root.if_contains("input"); input != nullptr && input->is_string()) {
        root["input"] = bj::array{{{"role", "user"}, {"content", input->as_string()}}};
    }
    for (bj::value& item : root["input"].as_array()) {
        bj::object& fields = item.as_object();
        const std::string type = text_of(item, "type");
        drop_nulls(fields);
        if (type == "message") {
            fields.erase("type");
        }
        if (type.empty() || type == "message" || type == "function_call") {
            fields.erase("id");
            fields.erase("status");
        }
        if (bj::value* parts = fields.if_contains("content"); parts != nullptr && parts->is_array()) {
            for (bj::value& part : parts->as_array()) {
                part.as_object().erase("annotations");
                part.as_object().erase("logprobs");
            }
        }
    }
    if (bj::value* tools = root.if_contains("tools")) {
        for (bj::value& t : tools->as_array()) {
            drop_nulls(t.as_object());
        }
    }
    if (bj::value* reasoning = root.if_contains("reasoning")) {
        drop_nulls(reasoning->as_object());
    }
    if (bj::value const* stream = root.if_contains("stream"); stream != nullptr && !stream->as_bool()) {
        root.erase("stream");
    }
    return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_responses_recorded_requests)

BOOST_AUTO_TEST_CASE(requests)
{
    // A request that its provider refuses for the order of its items; ours has the calls together.
    const std::set<std::string> reordered = {
        "deepseek/pa-deepseek-responses-rejects-interleaved-function-calls-0.request.json"};
    std::size_t seen = 0;
    for (char const* service : services) {
        for (auto const& path : fixtures(std::string(service) + "/responses", ".request.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string body = read_file(path);
                auto const parsed = parse(body);
                if (!parsed) {
                    BOOST_ERROR(parsed.error()->message);
                    continue;
                }
                auto const encoded = encode(parsed->request, parsed->stream);
                if (!encoded) {
                    BOOST_ERROR(encoded.error()->message);
                    continue;
                }
                if (reordered.contains(label(path))) {
                    BOOST_TEST_MESSAGE("not compared: " << label(path)
                                                        << ": text between calls without results");
                    continue;
                }
                const bj::value theirs = normal(oracle(body));
                const bj::value ours = normal(oracle(encoded->body));
                BOOST_CHECK_MESSAGE(ours == theirs, bj::serialize(ours) << "\n  instead of\n"
                                                                        << bj::serialize(theirs));
                auto const express = dialect::server().chat_express().read(body, {});
                BOOST_REQUIRE(express.has_value());
                BOOST_TEST((*express)->facts().model == parsed->request.model);
                BOOST_TEST((*express)->facts().stream == parsed->stream);
                ++seen;
            }
        }
    }
    if (seen == 0) {
        BOOST_TEST_MESSAGE("skipped: no recorded requests here");
        return;
    }
    BOOST_TEST(seen > 65U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses

#include "providers/anthropic_messages/model_family.hpp"
#include "test/providers/anthropic_messages/recorded.hpp"

namespace cogate::test::anthropic {

namespace {

/// What we add or may spell otherwise, made equal on both sides.
bj::value normal_request(bj::value request)
{
    bj::object& root = request.as_object();
    if (bj::value const* stream = root.if_contains("stream");
        stream != nullptr && *stream == bj::value(false)) {
        root.erase("stream");
    }
    if (bj::value const* older = root.if_contains("output_format")) {
        bj::value const format = *older;
        root.erase("output_format");
        root["output_config"] = bj::object{{"format", format}};
    }
    if (bj::value* tools = root.if_contains("tools")) {
        for (bj::value& t : tools->as_array()) {
            if (text_at(t, "description").empty()) {
                t.as_object().erase("description");
            }
        }
    }
    for (bj::value& m : root["messages"].as_array()) {
        if (!m.at("content").is_array()) {
            continue;
        }
        for (bj::value& block : m.at("content").as_array()) {
            bj::object& members = block.as_object();
            if (bj::value const* failed = members.if_contains("is_error");
                failed != nullptr && *failed == bj::value(false)) {
                members.erase("is_error");
            }
        }
    }
    return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_recorded_requests)

BOOST_AUTO_TEST_CASE(requests)
{
    std::size_t seen = 0;
    for (char const* folder : {"messages", "batches", "complete-legacy"}) {
        for (auto const& path : fixtures(folder, ".request.json")) {
            BOOST_TEST_CONTEXT(label(path))
            {
                const std::string body = read_file(path);
                auto const read = dialect::server().parse_chat(body, {});
                if (excepted(path)) {
                    BOOST_TEST(!read.has_value());
                    continue;
                }
                BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error()->message));
                const bj::value ours =
                    normal_request(sent(read->request, provider_context(read->request.model, read->stream)));
                const bj::value theirs = normal_request(oracle(body));
                BOOST_CHECK_MESSAGE(ours == theirs, bj::serialize(ours) << "\n  instead of\n"
                                                                        << bj::serialize(theirs));
                auto const express = dialect::server().chat_express().read(body, {});
                BOOST_REQUIRE(express.has_value());
                BOOST_TEST((*express)->facts().model == read->request.model);
                BOOST_TEST((*express)->facts().stream == read->stream);
                providers::spliced_body spliced;
                (*express)->splice("other", spliced);
                bj::value changed = oracle(body);
                changed.as_object()["model"] = "other";
                BOOST_TEST((oracle(joined(spliced)) == changed));
                ++seen;
            }
        }
    }
    BOOST_TEST_MESSAGE("recorded requests: " << seen);
}

BOOST_AUTO_TEST_CASE(counted_tokens)
{
    for (auto const& path : fixtures("count-tokens", ".request.json")) {
        BOOST_TEST_CONTEXT(label(path))
        {
            const std::string body = read_file(path);
            auto const read = dialect::count_tokens_lane().read(body, {});
            BOOST_REQUIRE(read.has_value());
            providers::spliced_body spliced;
            (*read)->splice((*read)->facts().model, spliced);
            BOOST_TEST(joined(spliced) == body);
        }
    }
    for (auto const& path : fixtures("count-tokens", ".response.json")) {
        BOOST_TEST_CONTEXT(label(path))
        {
            const std::string body = read_file(path);
            auto const facts = dialect::count_tokens_lane().inspect(body);
            BOOST_REQUIRE(facts.has_value());
            BOOST_TEST(facts->error.has_value() == (body.find("\"error\"") != std::string::npos));
        }
    }
}

BOOST_AUTO_TEST_CASE(families_are_as_the_provider_lists_them)
{
    using providers::anthropic_messages::effort_range;
    using providers::anthropic_messages::thinking_mode;
    for (auto const& path : fixtures("models", ".response.json")) {
        bj::value const list = oracle(read_file(path));
        for (bj::value const& model : list.at("data").as_array()) {
            auto const& family = providers::anthropic_messages::family_of(text_at(model, "id"));
            bj::value const& can = model.at("capabilities");
            const auto supported = [&](bj::value const& what) { return what.at("supported").as_bool(); };
            bj::value const& effort = can.at("effort");
            BOOST_TEST_CONTEXT(text_at(model, "id"))
            {
                BOOST_TEST(family.max_output == number_at(model, "max_tokens"));
                BOOST_TEST(family.structured_output == supported(can.at("structured_outputs")));
                BOOST_TEST((family.effort != effort_range::none) == supported(effort));
                BOOST_TEST((family.effort >= effort_range::max) == supported(effort.at("max")));
                BOOST_TEST((family.effort == effort_range::xhigh) == supported(effort.at("xhigh")));
                bj::value const& types = can.at("thinking").at("types");
                const bool adaptive = supported(types.at("adaptive"));
                const bool enabled = supported(types.at("enabled"));
                BOOST_TEST((family.thinking == (adaptive && enabled ? thinking_mode::both
                                                : adaptive          ? thinking_mode::adaptive
                                                                    : thinking_mode::budget)));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic

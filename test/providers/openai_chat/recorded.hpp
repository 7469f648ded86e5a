#pragma once
/// What the tests over recorded traffic share.

#include "test/providers/openai_chat/support.hpp"

namespace cogate::test {

namespace bj = boost::json;

inline std::string text_at(bj::value const& in, std::string_view key)
{
    bj::value const* const found = at(in, key);
    return found != nullptr && found->is_string() ? to_std(found->as_string()) : std::string();
}

inline bj::value const* set_at(bj::value const& in, std::string_view key)
{
    bj::value const* const found = at(in, key);
    return found != nullptr && !found->is_null() ? found : nullptr;
}

inline std::int64_t number_at(bj::value const& in, std::string_view key)
{
    bj::value const* const found = at(in, key);
    return found != nullptr && found->is_int64() ? found->as_int64() : 0;
}

inline void check_error(std::filesystem::path const& path, std::string const& body, bj::value const& theirs)
{
    const std::string meta_name =
        path.string().substr(0, path.string().size() - std::string("response.json").size());
    const std::string meta = read_file(meta_name + "meta.json");
    if (meta.empty()) {
        BOOST_TEST_MESSAGE("skipped (an error without its status): " << label(path));
        return;
    }
    const auto status = static_cast<int>(number_at(oracle(meta), "status"));
    failure const why = providers::openai_chat::client().decode_error(status, {}, body, {});
    BOOST_TEST(why->status >= 400);
    BOOST_TEST(why->status < 500);
    BOOST_TEST(!why->message.empty());
    if (bj::value const* error = set_at(theirs, "error"); error != nullptr && error->is_object()) {
        BOOST_TEST(why->message.starts_with(text_at(*error, "message")));
    }
}

} // namespace cogate::test

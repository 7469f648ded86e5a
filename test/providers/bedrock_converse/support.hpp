#pragma once
/// What the tests of the Bedrock dialects share.

#include "providers/client_dialect.hpp"
#include "test/common/aws_frames.hpp"
#include "test/common/decoded_stream.hpp"
#include "test/common/fixtures.hpp"
#include "test/common/provider_context.hpp"
#include "test/common/seeded.hpp"
#include "test/common/shared_files.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test::bedrock {

namespace bj = boost::json;

/// The file of the same case with another ending.
inline std::string beside(std::filesystem::path const& path, std::string_view ending, std::string_view other)
{
    const std::string name = path.string();
    return read_file(name.substr(0, name.size() - ending.size()) + std::string(other));
}

inline bj::value oracle(std::string_view text)
{
    bj::parse_options options;
    options.max_depth = 512;
    return bj::parse(bj::string_view(text.data(), text.size()), {}, options);
}

inline std::string plain(bj::string const& text)
{
    return {text.data(), text.size()};
}

inline bj::value const* at(bj::value const& in, std::string_view key)
{
    return in.is_object() ? in.as_object().if_contains(bj::string_view(key.data(), key.size())) : nullptr;
}

inline std::string text_at(bj::value const& in, std::string_view key)
{
    bj::value const* const found = at(in, key);
    return found != nullptr && found->is_string() ? plain(found->as_string()) : std::string();
}

inline std::int64_t number_at(bj::value const& in, std::string_view key)
{
    bj::value const* const found = at(in, key);
    return found != nullptr && found->is_int64() ? found->as_int64() : 0;
}

inline decoded_stream decode_stream(providers::client_dialect const& dialect, std::string const& model,
                                    std::string_view bytes, std::vector<std::size_t> const& cuts = {})
{
    return decode_stream_of(dialect, bytes, cuts, model);
}

inline void check_splits(providers::client_dialect const& dialect, std::string const& model,
                         std::string const& bytes)
{
    check_splits_of(dialect, bytes, 60, model);
}

} // namespace cogate::test::bedrock

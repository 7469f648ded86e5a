#pragma once
/// What the tests of the media codecs share.

#include "providers/openai_media/codec.hpp"
#include "providers/speech_answer.hpp"
#include "test/providers/natives.hpp"

#include <map>
#include <utility>

namespace cogate::test::media {

namespace bj = boost::json;
namespace media = providers::openai_media;
using namespace natives;

inline bj::value body_of(result<providers::encoded_request> const& made)
{
    BOOST_REQUIRE_MESSAGE(made.has_value(), (made.has_value() ? std::string() : made.error()->message));
    return oracle(made->body);
}

inline std::string code_of(failure const& why)
{
    return why->code + "@" + why->param;
}

template <class T>
std::string refusal(result<T> const& made)
{
    BOOST_REQUIRE(!made.has_value());
    return code_of(made.error());
}

/// A form's fields and files, by name: "value" or "filename|type|bytes". List fields are joined with commas.
inline std::map<std::string, std::string> form_of(std::string_view content_type, std::string_view body)
{
    using kind = wire::multipart_reader::kind;
    std::map<std::string, std::string> out;
    wire::multipart_reader reader(wire::multipart_boundary(content_type));
    reader.feed(body);
    std::string* value = nullptr;
    for (auto event = reader.next(); event.what != kind::more; event = reader.next()) {
        BOOST_REQUIRE((event.what != kind::failed));
        if (event.what == kind::head) {
            wire::part_head const& part = reader.part();
            value = &out[part.name];
            *value += value->empty() ? "" : ",";
            *value += part.is_file ? part.filename + '|' + part.media_type + '|' : "";
        } else if (event.what == kind::content) {
            value->append(event.bytes);
        }
    }
    BOOST_REQUIRE(reader.finish());
    return out;
}

inline std::map<std::string, std::string> form_of(result<providers::encoded_request> const& made)
{
    BOOST_REQUIRE_MESSAGE(made.has_value(), (made.has_value() ? std::string() : made.error()->message));
    return form_of(made->content_type, made->body);
}

inline provider_context on(std::string service, std::string model = "up")
{
    static std::map<std::string, std::string> names; // rows keep views
    std::string const& name = names.emplace(service, service).first->second;
    return provider_context(std::move(model), false, {.name = name});
}

} // namespace cogate::test::media

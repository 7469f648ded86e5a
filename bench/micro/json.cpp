#include "bench/micro/harness.hpp"
#include "bench/micro/samples.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"
#include "lib/core/json/writer.hpp"

#include <array>
#include <memory>
#include <string>

namespace cogate::micro {
namespace {

void find_fields(const std::string& text)
{
    std::array<json::member_query, 3> wanted{{{"model"}, {"stream"}, {"stream_options"}}};
    json::scan_error error;
    keep(json::find_members(text, wanted, error));
}

void add_texts(const std::string& name, const std::string& text)
{
    cases().push_back({"json scanner, " + name, text.size(), [text] { find_fields(text); }});
    cases().push_back(
        {"json document, " + name, text.size(), [text, document = std::make_shared<json::document>()] {
             json::parse_error error;
             keep(document->parse(text, error));
         }});
}

const registration cases_of_json([] {
    add_texts("1 KB request", chat_request_text(1024));
    add_texts("100 KB request", chat_request_text(std::size_t{100} * 1024));
    add_texts("1 KB answer", chat_response_text());
    cases().push_back({"json writer, small object", 0, [out = std::string()]() mutable {
                           out.clear();
                           json::writer writer(out);
                           writer.begin_object().member("id", "chatcmpl-1").member("created", 1'700'000'000);
                           writer.member("temperature", 0.7).key("choices").begin_array().begin_object();
                           writer.member("index", 0).member("content", "The sky is \"blue\".\n");
                           writer.end_object().end_array().end_object();
                           keep(out);
                       }});
});

} // namespace
} // namespace cogate::micro

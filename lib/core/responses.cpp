#include <cogate/responses.hpp>

#include "lib/core/json/document.hpp"

namespace cogate {

std::string responses_response::text() const
{
    std::string out;
    json::document answer;
    json::parse_error error;
    if (!answer.parse(body.text, error)) {
        return out;
    }
    for (json::value const item : answer.root()["output"]) {
        if (item["type"].string() != "message") {
            continue;
        }
        for (json::value const part : item["content"]) {
            if (part["type"].string() == "output_text") {
                part["text"].append_string_to(out);
            }
        }
    }
    return out;
}

} // namespace cogate

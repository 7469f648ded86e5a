#include "lib/ledger/sqlite/tags_text.hpp"

#include "lib/core/json.hpp"

namespace cogate::ledger::sqlite {

std::string tags_text(std::vector<std::string> const& tags)
{
    if (tags.empty()) {
        return "[]";
    }
    std::string out;
    json::writer write(out);
    write.begin_array();
    for (std::string const& tag : tags) {
        write.value(tag);
    }
    write.end_array();
    return out;
}

std::vector<std::string> tags_of(std::string_view text)
{
    std::vector<std::string> out;
    json::document read;
    json::parse_error ignored;
    if (text != "[]" && read.parse(text, ignored)) {
        for (json::value const tag : read.root()) {
            out.push_back(tag.string());
        }
    }
    return out;
}

} // namespace cogate::ledger::sqlite

#include "providers/anthropic_messages/gathered_block.hpp"

#include "providers/anthropic_messages/blocks.hpp"

#include "lib/core/json/writer.hpp"

namespace cogate::providers::anthropic_messages {

void gathered_block::start(json::value block)
{
    for (json::member m : block.members()) {
        members_.set(std::string(m.key), raw_json{std::string(m.val.raw())});
    }
    size_ = block.raw().size();
}

void gathered_block::add(json::value delta)
{
    size_ += delta.raw().size();
    if (delta["type"].equals("input_json_delta")) {
        delta["partial_json"].append_string_to(input_);
        return;
    }
    for (json::member m : delta.members()) {
        if (m.key == "type") {
            continue;
        }
        raw_json* const have = members_.find(m.key);
        const bool both_text =
            have != nullptr && have->text.size() > 2 && have->text.front() == '"' && m.val.is_string();
        if (both_text) {
            // Between the quotes of both: a string's body needs no change to be joined.
            have->text.pop_back();
            have->text += m.val.raw().substr(1);
        } else {
            members_.set(std::string(m.key), raw_json{std::string(m.val.raw())});
        }
    }
}

std::size_t gathered_block::size() const noexcept
{
    return size_;
}

unknown_part gathered_block::finish() const
{
    unknown_part part;
    json::writer out(part.value.text);
    out.begin_object();
    bool input = is_object_text(input_);
    for (auto const& [key, value] : members_) {
        if (key == "input" && input) {
            out.raw_member(key, input_);
            input = false;
        } else {
            out.raw_member(key, value.text);
        }
    }
    if (input) {
        out.raw_member("input", input_);
    }
    out.end_object();
    json::document doc;
    json::parse_error error;
    if (raw_json const* type = members_.find("type"); type != nullptr && doc.parse(type->text, error)) {
        part.type = doc.root().string();
    }
    return part;
}

} // namespace cogate::providers::anthropic_messages

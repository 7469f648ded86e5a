#include "providers/openai_chat/relay_scan.hpp"

#include "lib/core/text.hpp"

#include <cstring>

namespace cogate::providers::openai_chat {

namespace {

/// Whether a member finish_reason has a string. In valid JSON a quote within a string is escaped, so the name with
/// both its quotes cannot be part of a text; as a whole text it is followed by no colon.
bool has_finish_reason(std::string_view choices) noexcept
{
    constexpr std::string_view name = "\"finish_reason\"";
    constexpr std::string_view space = " \t\n\r";
    for (;;) {
        void const* const found = memmem(choices.data(), choices.size(), name.data(), name.size());
        if (found == nullptr) {
            return false;
        }
        choices.remove_prefix(static_cast<std::size_t>(static_cast<char const*>(found) - choices.data()) +
                              name.size());
        const std::size_t colon = choices.find_first_not_of(space);
        if (colon == std::string_view::npos || choices[colon] != ':') {
            continue;
        }
        const std::size_t value = choices.find_first_not_of(space, colon + 1);
        if (value != std::string_view::npos && choices[value] == '"') {
            return true;
        }
    }
}

} // namespace

relay_signs relay_scan::scan(std::string_view data)
{
    data_ = data;
    signs_ = relay_signs{.odd = true};
    scanner_.reset();
    signs_.valid = scanner_.take_whole(data) && scanner_.root() == json::kind::object;
    return signs_;
}

void relay_scan::on_member(json::member_span const& member)
{
    if (member.is("choices")) {
        if (member.kind != json::kind::array) {
            return;
        }
        // Without the brackets.
        const std::string_view list =
            data_.substr(member.value_begin + 1, member.value_end - member.value_begin - 2);
        signs_.odd = core::trim(list).empty();
        signs_.finish = has_finish_reason(list);
    } else if (member.is("usage")) {
        signs_.usage = member.kind == json::kind::object;
    } else if (member.is("error")) {
        signs_.error = signs_.error || member.kind != json::kind::null;
    } else if (member.is("x_groq")) {
        signs_.error = true;
    }
}

} // namespace cogate::providers::openai_chat

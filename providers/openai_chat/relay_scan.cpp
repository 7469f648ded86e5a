#include "providers/openai_chat/relay_scan.hpp"

#include <cstring>

namespace cogate::providers::openai_chat {

namespace {

bool is_space(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// The first byte of the value, when `text` goes on with a colon and a value, else 0.
char value_after(std::string_view text) noexcept
{
    std::size_t i = 0;
    while (i < text.size() && is_space(text[i])) {
        ++i;
    }
    if (i == text.size() || text[i] != ':') {
        return 0;
    }
    ++i;
    while (i < text.size() && is_space(text[i])) {
        ++i;
    }
    return i == text.size() ? '\0' : text[i];
}

/// The bytes behind the next `name` (with its quotes), or empty.
std::string_view behind(std::string_view text, std::string_view name) noexcept
{
    void const* const at = memmem(text.data(), text.size(), name.data(), name.size());
    if (at == nullptr) {
        return {};
    }
    return text.substr(static_cast<std::size_t>(static_cast<char const*>(at) - text.data()) + name.size());
}

/// Whether some member called `name` has a value that begins with something `wanted` likes.
template <class Predicate>
bool any_member(std::string_view text, std::string_view name, Predicate wanted) noexcept
{
    for (std::string_view rest = behind(text, name); !rest.empty(); rest = behind(rest, name)) {
        if (const char first = value_after(rest); first != 0 && wanted(first)) {
            return true;
        }
    }
    return false;
}

/// Whether the list that is the value of the key before `text` has nothing in it.
bool empty_list(std::string_view text) noexcept
{
    std::size_t i = text.find('[');
    if (i == std::string_view::npos) {
        return true;
    }
    ++i;
    while (i < text.size() && is_space(text[i])) {
        ++i;
    }
    return i == text.size() || text[i] == ']';
}

} // namespace

relay_signs scan_event(std::string_view data) noexcept
{
    relay_signs signs;
    signs.usage = any_member(data, "\"usage\"", [](char c) { return c == '{'; });
    // As a value too: {"type":"error"}.
    for (std::string_view rest = behind(data, "\"error\""); !rest.empty() && !signs.error;
         rest = behind(rest, "\"error\"")) {
        signs.error = value_after(rest) != 'n';
    }
    signs.end = any_member(data, "\"finish_reason\"", [](char c) { return c == '"'; });
    const std::string_view choices = behind(data, "\"choices\"");
    signs.odd = choices.empty() || empty_list(choices);
    return signs;
}

} // namespace cogate::providers::openai_chat

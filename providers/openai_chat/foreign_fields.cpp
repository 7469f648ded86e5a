#include "providers/openai_chat/foreign_fields.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cogate::providers::openai_chat {

namespace {

constexpr std::array<std::string_view, 3> left_in_answers = {"phase", "namespace", "custom_tool_call_output"};

/// Shows `see` the unknown members of every inner object of the request.
template <class Request, class See>
void each_extra(Request& request, See see)
{
    for (auto& m : request.messages) {
        see(m.extra);
        for (auto& part : m.content) {
            std::visit(
                [&](auto& p) {
                    if constexpr (requires { p.extra; }) {
                        see(p.extra);
                    }
                },
                part);
        }
        for (auto& call : m.tool_calls) {
            see(call.extra);
        }
    }
    for (auto& t : request.tools) {
        see(t.extra);
    }
}

bool is_foreign(chat_request const& request) noexcept
{
    return !request.extra_dialect.empty() && request.extra_dialect != "openai_chat";
}

bool is_left_in_answers(std::string_view name) noexcept
{
    return std::find(left_in_answers.begin(), left_in_answers.end(), name) != left_in_answers.end();
}

} // namespace

bool has_foreign_fields(chat_request const& request) noexcept
{
    const bool ours = request.extra_dialect == "openai_chat";
    bool found = is_foreign(request) && !request.stream_options_extra.empty();
    if (ours) {
        return false;
    }
    each_extra(request, [&](extra_fields const& extra) {
        found =
            found || (is_foreign(request) ? !extra.empty()
                                          : std::any_of(extra.begin(), extra.end(), [](auto const& field) {
                                                return is_left_in_answers(field.first);
                                            }));
    });
    return found;
}

void remove_foreign_fields(chat_request& request)
{
    const bool all = is_foreign(request);
    if (all) {
        request.stream_options_extra = {};
    }
    each_extra(request, [&](extra_fields& extra) {
        extra_fields kept;
        for (auto const& [name, value] : extra) {
            if (!all && !is_left_in_answers(name)) {
                kept.set(name, value);
            }
        }
        extra = std::move(kept);
    });
}

} // namespace cogate::providers::openai_chat

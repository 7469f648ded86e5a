#include "providers/anthropic_messages/stop_reason.hpp"

#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

struct row {
    std::string_view word;
    finish_reason why;
};

constexpr std::array<row, 8> rows = {
    row{"end_turn", finish_reason::stop},    {"stop_sequence", finish_reason::stop},
    {"pause_turn", finish_reason::stop},     {"compaction", finish_reason::stop},
    {"max_tokens", finish_reason::length},   {"model_context_window_exceeded", finish_reason::length},
    {"tool_use", finish_reason::tool_calls}, {"refusal", finish_reason::content_filter}};

} // namespace

finish_reason read_stop_reason(std::string_view word) noexcept
{
    for (row const& r : rows) {
        if (r.word == word) {
            return r.why;
        }
    }
    return word.empty() ? finish_reason::none : finish_reason::other;
}

std::string_view stop_reason_name(finish_reason why, std::string_view native, bool has_tool_calls,
                                  bool has_stop_sequence) noexcept
{
    for (row const& r : rows) {
        if (r.word == native && r.why == why) {
            return r.word;
        }
    }
    switch (why) {
    case finish_reason::length: return "max_tokens";
    case finish_reason::content_filter: return "refusal";
    case finish_reason::tool_calls:
    case finish_reason::function_call: return "tool_use";
    case finish_reason::none:
    case finish_reason::stop:
    case finish_reason::other: break;
    }
    // Some services say "stop" when the model called a tool.
    return has_tool_calls ? "tool_use" : has_stop_sequence ? "stop_sequence" : "end_turn";
}

} // namespace cogate::providers::anthropic_messages

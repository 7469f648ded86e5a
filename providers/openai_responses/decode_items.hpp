#pragma once
/// The output items of a streamed Response, read one event at a time.

#include <cogate/chat.hpp>

#include "lib/core/json/document.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::providers::openai_responses {

/// One output item, found by its output_index: some proxies change item ids from event to event (providers.md
/// 2.6).
struct item_state {
    enum class kind { unknown, message, reasoning, call };
    kind what = kind::unknown;
    bool done = false;
    bool any_text = false;
    bool any_refusal = false;
    bool raw_reasoning = false;  ///< its text comes from reasoning_text events, not from the summary
    std::string id;              ///< of a reasoning item
    std::int64_t piece = -1;     ///< content or summary index of the text so far
    std::size_t annotations = 0; ///< told so far
    std::int64_t call = 0;       ///< index of the call
    bool custom = false;
    bool any_arguments = false;
    extra_fields pending{}; ///< members of the message that go with its next delta
};

/// Follows the items and says them as chunks of a chat. Not thread-safe.
class item_decoder {
public:
    /// The answer's id, time and model, from the first `response` that names them.
    void take_identity(json::value response);
    void take_service_tier(json::value response);

    void on_item(json::value root, bool done, std::vector<chat_chunk>& out);
    void on_text(json::value root, std::vector<chat_chunk>& out);
    void on_refusal(json::value root, std::vector<chat_chunk>& out);
    /// `key` names the index of the text's piece; `raw`: the text itself, not a summary of it.
    void on_reasoning(json::value root, std::string_view key, bool raw, std::vector<chat_chunk>& out);
    /// `whole`: all of them, for services that sent no pieces before.
    void on_arguments(json::value root, std::string_view key, bool whole, std::vector<chat_chunk>& out);
    void on_annotation(json::value root, std::vector<chat_chunk>& out);
    /// What the last event's output says that no event before did.
    void end(json::value output, std::vector<chat_chunk>& out);

    void emit(chat_delta&& delta, std::vector<chat_chunk>& out);
    /// A chunk without choices.
    chat_chunk chunk() const;
    bool has_calls() const noexcept { return calls_ != 0; }

private:
    void begin_call(json::value item, item_state& state, std::vector<chat_chunk>& out);
    void end_call(json::value item, item_state& state, std::vector<chat_chunk>& out);
    void end_message(json::value item, item_state& state, std::vector<chat_chunk>& out);
    void end_reasoning(json::value item, item_state& state, std::vector<chat_chunk>& out);
    item_state* state_of(json::value root);

    std::string id_;
    std::int64_t created_ = 0;
    std::string model_;
    std::string service_tier_;
    std::map<std::int64_t, item_state> items_;
    std::int64_t calls_ = 0;
    bool has_role_ = false;
};

} // namespace cogate::providers::openai_responses

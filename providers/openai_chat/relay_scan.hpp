#pragma once

#include "lib/core/json/scanner.hpp"

#include <string_view>

namespace cogate::providers::openai_chat {

/// What a stream's event holds, from one validating pass over its bytes.
struct relay_signs {
    bool valid = false;  ///< a JSON object without a repeated member
    bool usage = false;  ///< `usage` is an object
    bool error = false;  ///< `error` is not null, or there is Groq's `x_groq`, which may hold one
    bool finish = false; ///< some choice has a finish_reason
    bool odd = false;    ///< no list of choices, or an empty one
};

/// Reused from event to event; nothing is allocated. Not thread-safe.
class relay_scan final : private json::member_sink {
public:
    relay_scan() noexcept : scanner_(this) {}
    relay_scan(relay_scan const&) = delete;
    relay_scan& operator=(relay_scan const&) = delete;

    relay_signs scan(std::string_view data);

private:
    void on_member(json::member_span const& member) override;

    json::scanner scanner_;
    std::string_view data_;
    relay_signs signs_;
};

} // namespace cogate::providers::openai_chat

#pragma once

#include <cogate/error.hpp>

#include "lib/wire/scripted_reply.hpp"

#include <cstdint>
#include <string_view>

namespace cogate::providers::demo {

constexpr bool is_space(char c) noexcept
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/// Words are our tokens.
std::int64_t count_words(std::string_view text) noexcept;

/// The answer to a request that fails so.
wire::scripted_reply reply_of(failure const& why);

failure unknown_model(std::string_view name);
failure wrong_endpoint(std::string_view name);
failure asked_error(int status);

wire::scripted_reply embeddings(std::string_view body);

} // namespace cogate::providers::demo

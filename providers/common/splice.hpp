#pragma once
/// What the express lanes of the dialects share: fields found by scanning, and bytes spliced around them.

#include <cogate/result.hpp>

#include "lib/core/json/scanner.hpp"
#include "providers/express_lane.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace cogate::providers {

/// One place of the body that other bytes replace (or, when empty, are inserted at).
struct edit {
    std::size_t begin;
    std::size_t end;
    std::string text;
};

/// Edits must be in order and apart. Without any the body is one piece.
void apply(std::string_view body, std::span<edit> edits, spliced_body& out);

/// The 400 for a field of a wrong type; `expected` as in "a string".
failure wrong_type(std::string_view field, std::string_view expected);
/// The 400 for a field that must be there.
failure missing(std::string_view field);
/// Not there, or null.
bool absent(json::member_query const& field) noexcept;
/// The text of a JSON string with its quotes.
std::string decoded(std::string_view quoted);
/// The model's name, or why there is none.
result<std::string> read_model(std::string_view body, json::member_query const& model);

} // namespace cogate::providers

#pragma once

#include "providers/gemini/codec.hpp"

namespace cogate::providers::vertex {

inline constexpr gemini::flavour google_flavour{
    .name = "vertex_gemini", .models = "/publishers/google/models/", .call_ids = false, .vertex = true};
inline constexpr gemini::flavour anthropic_flavour{
    .name = "vertex_anthropic", .models = "/publishers/anthropic/models/", .call_ids = false, .vertex = true};

} // namespace cogate::providers::vertex

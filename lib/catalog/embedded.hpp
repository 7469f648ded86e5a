#pragma once
/// The built-in table as text. Made by make_models.py; grammar in row.hpp.

#include <span>
#include <string_view>

namespace cogate::catalog {

/// Safe from any thread; static text.
std::span<std::string_view const> embedded_rows() noexcept;

} // namespace cogate::catalog

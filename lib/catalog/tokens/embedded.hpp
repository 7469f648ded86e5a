#pragma once
/// The tables of lib/catalog/tokens/data, part of the binary. They lie in read-only memory for the whole run.

#include <cstdint>
#include <span>

namespace cogate::catalog {

std::span<std::uint8_t const> cl100k_merges() noexcept;
std::span<std::uint8_t const> o200k_merges() noexcept;
std::span<std::uint8_t const> unicode_class_runs() noexcept;

} // namespace cogate::catalog

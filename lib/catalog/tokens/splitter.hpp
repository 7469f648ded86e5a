#pragma once
/// Cuts a text into the pieces that are merged on their own: the split patterns of cl100k_base and o200k_base
/// as hand-written scanners. Linear in the text. Pure functions, safe from any thread.
///
/// A regular expression's alternatives are tried in order, each greedy with backtracking; the scanners give
/// the same pieces. Every byte belongs to a piece, so the pieces joined are the text.

#include "lib/catalog/tokens/char_class.hpp"

#include <cstddef>

namespace cogate::catalog {

/// End of the piece that begins at `at`, always behind `at`. Precondition: at < text.size().
std::size_t cl100k_piece_end(char_reader const& text, std::size_t at) noexcept;
std::size_t o200k_piece_end(char_reader const& text, std::size_t at) noexcept;

} // namespace cogate::catalog

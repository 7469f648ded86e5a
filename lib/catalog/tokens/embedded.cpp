#include "lib/catalog/tokens/embedded.hpp"

// The assembler finds the files through the compiler's include folders; no array is ever compiled.
asm(R"(
    .pushsection .rodata, "a", @progbits
    .hidden cogate_cl100k_merges_begin
    .globl  cogate_cl100k_merges_begin
    .hidden cogate_cl100k_merges_end
    .globl  cogate_cl100k_merges_end
    .hidden cogate_o200k_merges_begin
    .globl  cogate_o200k_merges_begin
    .hidden cogate_o200k_merges_end
    .globl  cogate_o200k_merges_end
    .hidden cogate_unicode_classes_begin
    .globl  cogate_unicode_classes_begin
    .hidden cogate_unicode_classes_end
    .globl  cogate_unicode_classes_end
cogate_cl100k_merges_begin:
    .incbin "lib/catalog/tokens/data/cl100k_base.merges"
cogate_cl100k_merges_end:
cogate_o200k_merges_begin:
    .incbin "lib/catalog/tokens/data/o200k_base.merges"
cogate_o200k_merges_end:
cogate_unicode_classes_begin:
    .incbin "lib/catalog/tokens/data/unicode_classes.runs"
cogate_unicode_classes_end:
    .byte 0
    .popsection
)");

extern "C" {
[[gnu::visibility("hidden")]] extern std::uint8_t const cogate_cl100k_merges_begin[];
[[gnu::visibility("hidden")]] extern std::uint8_t const cogate_cl100k_merges_end[];
[[gnu::visibility("hidden")]] extern std::uint8_t const cogate_o200k_merges_begin[];
[[gnu::visibility("hidden")]] extern std::uint8_t const cogate_o200k_merges_end[];
[[gnu::visibility("hidden")]] extern std::uint8_t const cogate_unicode_classes_begin[];
[[gnu::visibility("hidden")]] extern std::uint8_t const cogate_unicode_classes_end[];
}

namespace cogate::catalog {

std::span<std::uint8_t const> cl100k_merges() noexcept
{
    return {cogate_cl100k_merges_begin, cogate_cl100k_merges_end};
}

std::span<std::uint8_t const> o200k_merges() noexcept
{
    return {cogate_o200k_merges_begin, cogate_o200k_merges_end};
}

std::span<std::uint8_t const> unicode_class_runs() noexcept
{
    return {cogate_unicode_classes_begin, cogate_unicode_classes_end};
}

} // namespace cogate::catalog

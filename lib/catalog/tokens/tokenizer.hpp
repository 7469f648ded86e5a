#pragma once

#include <cogate/tokens.hpp>

#include "lib/catalog/tokens/char_class.hpp"
#include "lib/catalog/tokens/merge_table.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::catalog {

/// A text that stands for one token beyond the merges.
struct special_token {
    std::string_view text;
    token_id id;
};

/// One encoding: its split pattern, its merges and its special tokens. Immutable: safe from any thread.
class tokenizer {
public:
    using piece_end = std::size_t (*)(char_reader const& text, std::size_t at) noexcept;

    tokenizer(piece_end split, std::span<std::uint8_t const> merges, std::span<special_token const> specials)
        : split_(split), merges_(merges), specials_(specials)
    {}

    /// The one of an encoding, made at the first call.
    static tokenizer const& of(token_encoding encoding);

    std::size_t count(std::string_view text, special_tokens special) const;
    std::vector<token_id> encode(std::string_view text, special_tokens special) const;

    /// False when `token` is none of this encoding.
    bool append_bytes(std::string& out, token_id token) const;

private:
    template <class Sink>
    void encode_to(Sink sink, std::string_view text, special_tokens special) const;
    template <class Sink>
    void encode_plain(Sink sink, std::string_view text) const;

    piece_end split_;
    merge_table merges_;
    std::span<special_token const> specials_;
};

} // namespace cogate::catalog

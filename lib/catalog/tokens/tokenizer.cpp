#include "lib/catalog/tokens/tokenizer.hpp"

#include "lib/catalog/tokens/embedded.hpp"
#include "lib/catalog/tokens/piece_merger.hpp"
#include "lib/catalog/tokens/splitter.hpp"

#include <algorithm>
#include <array>

namespace cogate::catalog {

namespace {

constexpr std::array cl100k_specials{
    special_token{"<|endoftext|>", 100257},   special_token{"<|fim_prefix|>", 100258},
    special_token{"<|fim_middle|>", 100259},  special_token{"<|fim_suffix|>", 100260},
    special_token{"<|endofprompt|>", 100276},
};
constexpr std::array o200k_specials{
    special_token{"<|endoftext|>", 199999},
    special_token{"<|endofprompt|>", 200018},
};

/// All special tokens begin with this.
constexpr std::string_view special_begin = "<|";

} // namespace

tokenizer const& tokenizer::of(token_encoding encoding)
{
    if (encoding == token_encoding::cl100k_base) {
        static tokenizer const cl100k(cl100k_piece_end, cl100k_merges(), cl100k_specials);
        return cl100k;
    }
    static tokenizer const o200k(o200k_piece_end, o200k_merges(), o200k_specials);
    return o200k;
}

template <class Sink>
void tokenizer::encode_plain(Sink sink, std::string_view text) const
{
    piece_merger merger(merges_);
    char_reader const reader(text);
    std::size_t at = 0;
    while (at != text.size()) {
        std::size_t const end = split_(reader, at);
        while (at != end) {
            std::size_t const size = std::min(end - at, piece_merger::longest_piece);
            sink(merger.merge(text.substr(at, size)));
            at += size;
        }
    }
}

template <class Sink>
void tokenizer::encode_to(Sink sink, std::string_view text, special_tokens special) const
{
    std::size_t at = special == special_tokens::plain ? std::string_view::npos : text.find(special_begin);
    while (at != std::string_view::npos) {
        std::string_view const rest = text.substr(at);
        auto const found =
            std::find_if(specials_.begin(), specials_.end(),
                         [rest](special_token const& each) { return rest.starts_with(each.text); });
        if (found == specials_.end()) {
            at = text.find(special_begin, at + 1);
            continue;
        }
        encode_plain(sink, text.substr(0, at));
        sink(std::span(&found->id, 1));
        text = rest.substr(found->text.size());
        at = text.find(special_begin);
    }
    encode_plain(sink, text);
}

std::size_t tokenizer::count(std::string_view text, special_tokens special) const
{
    std::size_t count = 0;
    encode_to([&count](std::span<rank const> tokens) { count += tokens.size(); }, text, special);
    return count;
}

std::vector<token_id> tokenizer::encode(std::string_view text, special_tokens special) const
{
    std::vector<token_id> out;
    encode_to([&out](std::span<rank const> tokens) { out.insert(out.end(), tokens.begin(), tokens.end()); },
              text, special);
    return out;
}

bool tokenizer::append_bytes(std::string& out, token_id token) const
{
    if (token < merges_.size()) {
        merges_.append_bytes(out, token);
        return true;
    }
    auto const found = std::find_if(specials_.begin(), specials_.end(),
                                    [token](special_token const& each) { return each.id == token; });
    if (found == specials_.end()) {
        return false;
    }
    out += found->text;
    return true;
}

} // namespace cogate::catalog

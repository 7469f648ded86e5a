#include <cogate/tokens.hpp>

#include "lib/catalog/tokens/tokenizer.hpp"

#include <string>
#include <utility>

namespace cogate {

std::string_view to_string(token_encoding encoding) noexcept
{
    return encoding == token_encoding::cl100k_base ? "cl100k_base" : "o200k_base";
}

std::vector<token_id> encode(token_encoding encoding, std::string_view text, special_tokens special)
{
    return catalog::tokenizer::of(encoding).encode(text, special);
}

std::size_t count_tokens(token_encoding encoding, std::string_view text, special_tokens special)
{
    return catalog::tokenizer::of(encoding).count(text, special);
}

result<std::string> decode(token_encoding encoding, std::span<token_id const> tokens)
{
    catalog::tokenizer const& tokenizer = catalog::tokenizer::of(encoding);
    std::string out;
    for (token_id const token : tokens) {
        if (!tokenizer.append_bytes(out, token)) {
            return failure(error_kind::invalid_request,
                           std::to_string(token) + " is no token of " + std::string(to_string(encoding)))
                .with_param("tokens");
        }
    }
    return out;
}

} // namespace cogate

#include "providers/voyage/codec.hpp"

#include "providers/common/embedding_list.hpp"

namespace cogate::providers::voyage {

namespace {

bool are_floats(extra_fields const& extra) noexcept
{
    raw_json const* type = extra.find("output_dtype");
    return type == nullptr || type->text == "null" || type->text == "\"float\"";
}

} // namespace

embedding_codec const& embeddings() noexcept
{
    static const embedding_list codec({.dimensions = "output_dimension",
                                       .base64 = "encoding_format",
                                       .may_ask_base64 = are_floats,
                                       .most_texts = 1000,
                                       .read_usage = read_usage});
    return codec;
}

} // namespace cogate::providers::voyage

#include "providers/common/vectors.hpp"

#include "lib/core/text.hpp"
#include "providers/common/bodies.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace cogate::providers {

namespace {

std::size_t input_count(embedding_request const& request)
{
    return std::visit([](auto const& list) { return list.size(); }, request.input);
}

failure other_count(std::size_t got, std::size_t wanted)
{
    return nonsense(std::to_string(got) + " embeddings for " + std::to_string(wanted) + " inputs");
}

bool read_base64(std::string const& text, bool int8, std::vector<float>& out)
{
    const std::optional<std::string> bytes = core::base64_decode(text);
    if (!bytes || (!int8 && bytes->size() % 4 != 0)) {
        return false;
    }
    if (int8) {
        for (char const byte : *bytes) {
            out.push_back(static_cast<float>(static_cast<signed char>(byte)));
        }
        return true;
    }
    out.resize(bytes->size() / 4);
    for (std::size_t i = 0; i != out.size(); ++i) {
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k != 4; ++k) {
            bits |= std::uint32_t{static_cast<unsigned char>((*bytes)[i * 4 + k])} << (8 * k);
        }
        out[i] = std::bit_cast<float>(bits);
    }
    return true;
}

} // namespace

result<std::vector<std::string> const*> texts_of(embedding_request const& request)
{
    if (auto const* texts = std::get_if<std::vector<std::string>>(&request.input)) {
        return texts;
    }
    return failure(error_kind::invalid_request, "this provider embeds texts, not lists of tokens")
        .with_code("unsupported_content")
        .with_param("input");
}

bool read_vector(json::value source, std::vector<float>& out, bool int8)
{
    if (source.is_string()) {
        return read_base64(source.string(), int8, out);
    }
    if (!source.is_array()) {
        return false;
    }
    out.reserve(source.size());
    for (json::value item : source) {
        if (!item.is_number()) {
            return false;
        }
        out.push_back(static_cast<float>(item.as_double().value_or(0.0)));
    }
    return true;
}

result<std::vector<embedding>> read_vectors(json::value list, embedding_request const& request)
{
    if (!list.is_array()) {
        return nonsense("it has no list of embeddings");
    }
    std::vector<embedding> out;
    for (json::value item : list) {
        embedding one{.index = static_cast<std::int64_t>(out.size()), .values = {}};
        if (!read_vector(item, one.values)) {
            return nonsense("an embedding is neither numbers nor base64 of 32-bit floats");
        }
        out.push_back(std::move(one));
    }
    if (const std::size_t wanted = input_count(request); wanted != 0 && wanted != out.size()) {
        return other_count(out.size(), wanted);
    }
    return out;
}

result<std::vector<embedding>> read_indexed_vectors(json::value list, embedding_request const& request,
                                                    bool int8)
{
    if (!list.is_array()) {
        return nonsense("it has no list of embeddings");
    }
    std::vector<embedding> out;
    for (json::value item : list) {
        embedding one{.index = item["index"].as_int64().value_or(static_cast<std::int64_t>(out.size())),
                      .values = {}};
        if (!read_vector(item["embedding"], one.values, int8)) {
            return nonsense("an embedding is neither numbers nor base64 of 32-bit floats");
        }
        out.push_back(std::move(one));
    }
    const std::size_t wanted = input_count(request);
    if (wanted != 0 && wanted != out.size()) {
        return other_count(out.size(), wanted);
    }
    std::stable_sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.index < b.index; });
    for (std::size_t i = 0; i != out.size(); ++i) {
        if (out[i].index != static_cast<std::int64_t>(i)) {
            return nonsense("the indices of its embeddings are not those of the inputs");
        }
    }
    return out;
}

} // namespace cogate::providers

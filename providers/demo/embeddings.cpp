#include "providers/demo/common.hpp"
#include "providers/demo/model_name.hpp"
#include "providers/openai_chat/dialect.hpp"

#include "lib/core/hash.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace cogate::providers::demo {

namespace {

using act = model_name::act;

constexpr std::int64_t most_dimensions = 4096;

std::vector<float> unit_vector(std::uint64_t seed, std::size_t dimensions)
{
    std::vector<float> out(dimensions);
    double sum = 0.0;
    for (std::size_t i = 0; i != dimensions; ++i) {
        const std::uint64_t bits = core::mix64(seed + i + 1) >> 11;
        // Never all zero: the offset is half a step of the grid.
        const double value = (static_cast<double>(bits) + 0.5) / 4503599627370496.0 - 1.0;
        out[i] = static_cast<float>(value);
        sum += value * value;
    }
    const double scale = 1.0 / std::sqrt(sum);
    for (float& v : out) {
        v = static_cast<float>(static_cast<double>(v) * scale);
    }
    return out;
}

struct input_hash {
    std::uint64_t hash = 0;
    std::int64_t tokens = 0;
};

input_hash hash_of(std::string const& text)
{
    return {core::hash64(text), count_words(text)};
}

input_hash hash_of(std::vector<std::int64_t> const& tokens)
{
    std::uint64_t hash = 1;
    for (std::int64_t const token : tokens) {
        hash = core::mix64(hash ^ static_cast<std::uint64_t>(token));
    }
    return {hash, static_cast<std::int64_t>(tokens.size())};
}

} // namespace

wire::scripted_reply embeddings(std::string_view body)
{
    result<embedding_request> const request = openai_chat::server().embeddings()->parse(body);
    if (!request) {
        return reply_of(request.error());
    }
    const std::optional<model_name> name = parse_model_name(request->model);
    if (!name) {
        return reply_of(unknown_model(request->model));
    }
    if (name->what == act::error) {
        return reply_of(asked_error(name->status));
    }
    if (name->what != act::embedding) {
        return reply_of(wrong_endpoint(request->model));
    }
    const std::int64_t dimensions = request->dimensions.value_or(64);
    if (dimensions < 1 || dimensions > most_dimensions) {
        return reply_of(
            failure(error_kind::invalid_request, "'dimensions' must be 1 to 4096").with_param("dimensions"));
    }
    embedding_response answer{.model = request->model, .data = {}};
    std::visit(
        [&](auto const& list) {
            for (auto const& item : list) {
                const input_hash of = hash_of(item);
                answer.usage.prompt_tokens += of.tokens;
                answer.data.push_back({.index = static_cast<std::int64_t>(answer.data.size()),
                                       .values = unit_vector(of.hash, static_cast<std::size_t>(dimensions))});
            }
        },
        request->input);
    answer.usage.total_tokens = answer.usage.prompt_tokens;
    answer.usage.reported = true;
    wire::scripted_reply reply;
    reply.headers.emplace_back("content-type", "application/json");
    std::string text;
    openai_chat::server().embeddings()->write(answer, *request, text);
    reply.body.push_back({.bytes = std::move(text)});
    return reply;
}

} // namespace cogate::providers::demo

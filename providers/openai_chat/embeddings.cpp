#include "providers/common/fields.hpp"
#include "providers/common/vectors.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_chat/request_members.hpp"
#include "providers/openai_chat/token_usage.hpp"

#include "lib/core/text.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace cogate::providers::openai_chat {

namespace {

constexpr std::array<std::string_view, 5> known_request = {"model", "input", "dimensions", "encoding_format",
                                                           "user"};
constexpr std::array<std::string_view, 4> known_response = {"object", "data", "model", "usage"};

using token_list = std::vector<std::int64_t>;

bool read_tokens(reader& in, json::value list, place const& at, token_list& out)
{
    place element{&at, {}, 0};
    for (json::value item : list) {
        const std::optional<std::int64_t> token = item.as_int64();
        if (!token) {
            in.wrong_type(element, "an integer token", item);
            return false;
        }
        out.push_back(*token);
        ++element.index;
    }
    return true;
}

void read_input(reader& in, json::value input, embedding_request& out)
{
    const place at{nullptr, "input"};
    constexpr std::string_view expected =
        "a string, a list of strings, a list of tokens or a list of such lists";
    if (!input.exists() || input.is_null()) {
        in.missing(at);
        return;
    }
    if (input.is_string()) {
        out.input = std::vector<std::string>{input.string()};
        out.input_is_single = true;
        return;
    }
    const json::value first = input[std::size_t{0}];
    if (!first.exists()) {
        input.is_array() ? in.wrong_value(at, "must not be empty") : in.wrong_type(at, expected, input);
        return;
    }
    if (first.is_number()) {
        token_list tokens;
        read_tokens(in, input, at, tokens);
        out.input = std::vector<token_list>{std::move(tokens)};
        out.input_is_single = true;
        return;
    }
    place element{&at, {}, 0};
    std::vector<std::string> texts;
    std::vector<token_list> lists;
    for (json::value item : input) {
        if (item.kind() != first.kind() || (!item.is_string() && !item.is_array())) {
            in.wrong_type(element, first.is_array() ? "a list of tokens" : "a string", item);
            return;
        }
        if (item.is_string()) {
            texts.push_back(item.string());
        } else if (!read_tokens(in, item, element, lists.emplace_back())) {
            return;
        }
        ++element.index;
    }
    if (first.is_string()) {
        out.input = std::move(texts);
    } else {
        out.input = std::move(lists);
    }
}

void write_input_item(json::writer& out, std::string const& text)
{
    out.value(text);
}

void write_input_item(json::writer& out, token_list const& tokens)
{
    out.begin_array();
    for (std::int64_t const token : tokens) {
        out.value(token);
    }
    out.end_array();
}

void write_input(json::writer& out, embedding_request const& request)
{
    out.key("input");
    std::visit(
        [&](auto const& list) {
            if (request.input_is_single && list.size() == 1) {
                write_input_item(out, list.front());
                return;
            }
            out.begin_array();
            for (auto const& item : list) {
                write_input_item(out, item);
            }
            out.end_array();
        },
        request.input);
}

// OpenAI's base64 vectors are float32, little-endian; so is every machine we build for, but say it once.
float from_little_endian(std::uint32_t bits) noexcept
{
    if constexpr (std::endian::native == std::endian::big) {
        bits = (bits >> 24) | ((bits >> 8) & 0xFF00U) | ((bits << 8) & 0xFF0000U) | (bits << 24);
    }
    return std::bit_cast<float>(bits);
}

void write_vector(json::writer& out, std::vector<float> const& values, bool base64)
{
    if (base64) {
        std::string bytes(values.size() * sizeof(float), '\0');
        for (std::size_t i = 0; i != values.size(); ++i) {
            const float wire = from_little_endian(std::bit_cast<std::uint32_t>(values[i]));
            std::memcpy(bytes.data() + i * sizeof(float), &wire, sizeof(float));
        }
        out.value(core::base64_encode(bytes));
        return;
    }
    out.begin_array();
    std::array<char, 64> buffer;
    for (float const v : values) {
        if (!std::isfinite(v)) {
            out.raw("0");
            continue;
        }
        // The shortest text of the float, not of the double next to it.
        const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v);
        out.raw(std::string_view(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())));
    }
    out.end_array();
}

result<encoded_request> encode(embedding_request const& request, call_context const& context)
{
    chat_quirks const& quirks = context.service.quirks;
    encoded_request encoded{.path = std::string(quirks.embeddings_path), .body = {}};
    json::writer out(encoded.body);
    raw_writer raw(out);
    out.begin_object().member("model", context.model);
    write_input(out, request);
    if (request.dimensions) {
        out.member("dimensions", *request.dimensions);
    }
    if (!request.encoding_format.empty() && !quirks.int8_embeddings) {
        out.member("encoding_format", request.encoding_format);
    }
    if (!request.user.empty()) {
        out.member("user", request.user);
    }
    raw.extra(request.extra);
    out.end_object();
    if (!raw.good()) {
        return raw.error();
    }
    return encoded;
}

result<embedding_response> decode(std::string_view body, embedding_request const& request, bool int8)
{
    json::document doc;
    const result<json::value> opened = open_answer(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    result<std::vector<embedding>> vectors = read_indexed_vectors(root["data"], request, int8);
    if (!vectors) {
        return vectors.error();
    }
    embedding_response out;
    reader in(false);
    const place top;
    in.text(root, "model", top, out.model);
    out.usage = read_usage(root["usage"]);
    keep_unknown(root, known_response, out.extra);
    out.data = *std::move(vectors);
    return out;
}

result<embedding_request> parse(std::string_view body)
{
    json::document doc;
    const result<json::value> opened = open_request(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    reader in(true);
    const place top;
    embedding_request out;
    read_model(in, root, out.model);
    read_input(in, root["input"], out);
    in.integer(root, "dimensions", top, out.dimensions);
    in.text(root, "encoding_format", top, out.encoding_format);
    in.text(root, "user", top, out.user);
    if (!in.good()) {
        return in.error();
    }
    if (!out.encoding_format.empty() && out.encoding_format != "float" && out.encoding_format != "base64") {
        in.wrong_value(place{nullptr, "encoding_format"}, "must be float or base64");
        return in.error();
    }
    keep_unknown(root, known_request, out.extra);
    return out;
}

void write(embedding_response const& response, embedding_request const& request, std::string& to)
{
    json::writer out(to);
    raw_writer raw(out);
    const bool base64 = request.encoding_format == "base64";
    out.begin_object().member("object", "list").key("data").begin_array();
    for (embedding const& one : response.data) {
        out.begin_object().member("object", "embedding").member("index", one.index).key("embedding");
        write_vector(out, one.values, base64);
        out.end_object();
    }
    out.end_array().member("model", response.model).key("usage").begin_object();
    out.member("prompt_tokens", response.usage.prompt_tokens);
    out.member("total_tokens", response.usage.total_tokens);
    out.end_object();
    raw.extra(response.extra);
    out.end_object();
}

class client_half final : public embedding_codec {
public:
    result<encoded_request> encode(embedding_request const& request,
                                   call_context const& context) const override
    {
        return openai_chat::encode(request, context);
    }
    result<embedding_response> decode(whole_answer const& answer, embedding_request const& request,
                                      call_context const& context) const override
    {
        return openai_chat::decode(answer.body, request, context.service.quirks.int8_embeddings);
    }
    /// OpenAI's own limit; others take as many or say so.
    std::size_t max_inputs(call_context const&) const noexcept override { return 2048; }
};

class server_half final : public server_codec<embedding_request, embedding_response> {
public:
    result<embedding_request> parse(std::string_view body) const override { return openai_chat::parse(body); }
    void write(embedding_response const& response, embedding_request const& request,
               std::string& out) const override
    {
        openai_chat::write(response, request, out);
    }
    express_lane const* express() const noexcept override { return &embedding_lane(); }
};

} // namespace

embedding_codec const& client_embeddings() noexcept
{
    static const client_half half;
    return half;
}

server_codec<embedding_request, embedding_response> const& server_embeddings() noexcept
{
    static const server_half half;
    return half;
}

} // namespace cogate::providers::openai_chat

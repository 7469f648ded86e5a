#include "providers/replicate/codec.hpp"

#include "lib/wire/url.hpp"
#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"
#include "providers/common/parameters.hpp"
#include "providers/common/transcript.hpp"

#include <array>

namespace cogate::providers::replicate {

namespace {

constexpr std::array<std::string_view, 9> supported = {"temperature",
                                                       "top_p",
                                                       "top_k",
                                                       "max_tokens",
                                                       "stop",
                                                       "seed",
                                                       "max_completion_tokens",
                                                       "presence_penalty",
                                                       "frequency_penalty"};

/// Where the prediction is made, and the version that the body must name; empty for the newest.
struct target {
    std::string path;
    std::string_view version;
};

/// Models may be named by clients (wildcard routes), so no name may lead to another path of the service.
result<target> target_of(std::string_view model)
{
    target out;
    std::string_view name = model;
    if (const std::size_t colon = model.find(':'); colon != std::string_view::npos) {
        name = {};
        out.version = model.substr(colon + 1);
    } else if (model.find('/') == std::string_view::npos) {
        name = {};
        out.version = model;
    }
    constexpr std::string_view deployments = "deployments/";
    if (name.starts_with(deployments)) {
        name.remove_prefix(deployments.size());
        out.path = "/deployments/";
    } else if (!name.empty()) {
        out.path = "/models/";
    }
    while (!name.empty()) {
        const std::size_t slash = name.find('/');
        const std::string_view segment = name.substr(0, slash);
        if (segment.empty() || segment == "." || segment == "..") {
            return failure(error_kind::not_found,
                           "Replicate's models are named owner/name, or by their version")
                .with_code("model_not_found")
                .with_param("model");
        }
        wire::append_percent_encoded(out.path, segment);
        out.path += '/';
        name.remove_prefix(slash == std::string_view::npos ? name.size() : slash + 1);
    }
    out.path += out.path.empty() ? "/predictions" : "predictions";
    return out;
}

/// The member unless the caller gave one of that name, which is the model's own.
class input_writer {
public:
    input_writer(raw_writer& to, extra_fields const& extra) : to_(to), extra_(extra) {}

    void text(std::string_view name, std::string_view value)
    {
        if (!value.empty() && extra_.find(name) == nullptr) {
            to_.out().member(name, value);
        }
    }
    void number(std::string_view name, number_text const& value)
    {
        if (extra_.find(name) == nullptr) {
            to_.member(name, value);
        }
    }
    void integer(std::string_view name, std::optional<std::int64_t> const& value)
    {
        if (value && extra_.find(name) == nullptr) {
            to_.out().member(name, *value);
        }
    }

private:
    raw_writer& to_;
    extra_fields const& extra_;
};

void write_input(raw_writer& to, chat_request const& r, transcript const& said)
{
    input_writer in(to, r.extra);
    to.out().key("input").begin_object();
    in.text("prompt", said.prompt);
    in.text("system_prompt", said.system);
    in.integer("max_tokens", r.max_completion_tokens ? r.max_completion_tokens : r.max_tokens);
    in.number("temperature", r.temperature);
    in.number("top_p", r.top_p);
    in.integer("top_k", r.top_k);
    in.integer("seed", r.seed);
    in.number("presence_penalty", r.presence_penalty);
    in.number("frequency_penalty", r.frequency_penalty);
    std::string stops;
    for (std::string const& stop : r.stop) {
        stops += stops.empty() ? "" : ",";
        stops += stop;
    }
    in.text("stop_sequences", stops);
    to.extra(r.extra);
    to.out().end_object();
}

} // namespace

result<encoded_request> encode_chat(chat_request const& asked, call_context const& context)
{
    std::optional<chat_request> changed;
    const result<chat_request const*> fit = fit_parameters(asked, supported, dialect_name, context, changed);
    if (!fit) {
        return fit.error();
    }
    chat_request const& r = **fit;
    const result<transcript> said = write_transcript(r.messages, false);
    if (!said) {
        return said.error();
    }
    result<target> where = target_of(context.model);
    if (!where) {
        return where.error();
    }
    encoded_request request{.path = std::move(where->path), .body = {}};
    json::writer out(request.body);
    raw_writer to(out);
    out.begin_object();
    if (!where->version.empty()) {
        out.member("version", where->version);
    }
    write_input(to, r, *said);
    if (context.stream) {
        out.member("stream", true);
    } else {
        // Holds the answer back for up to a minute, which saves most of the asking again.
        request.headers.emplace_back("prefer", "wait");
    }
    out.end_object();
    if (!to.good()) {
        return to.error();
    }
    return request;
}

} // namespace cogate::providers::replicate

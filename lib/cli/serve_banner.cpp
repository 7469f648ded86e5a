#include "lib/cli/serve_banner.hpp"

#include "lib/core/json/writer.hpp"

#include <algorithm>

namespace cogate::cli {

namespace {

constexpr std::size_t most_models = 8;

/// Where a client on this machine finds a server that listens on `host`.
std::string base_url(std::string const& host, std::uint16_t port)
{
    std::string reach = host == "0.0.0.0" || host.empty() ? "127.0.0.1" : host == "::" ? "::1" : host;
    if (reach.find(':') != std::string::npos) {
        reach = '[' + reach + ']';
    }
    return "http://" + reach + ':' + std::to_string(port);
}

std::string list_models(std::vector<model> const& models)
{
    std::string out;
    for (std::size_t i = 0; i != std::min(models.size(), most_models); ++i) {
        out += (i == 0 ? "" : ", ") + models[i].id;
    }
    if (models.size() > most_models) {
        out += " and " + std::to_string(models.size() - most_models) + " more (GET /v1/models)";
    }
    return models.empty() ? "none: give a model_list or the key of a provider" : out;
}

/// A name that answers; demo's needs no key.
std::string model_to_try(std::vector<model> const& models)
{
    std::string best = "MODEL";
    for (model const& each : models) {
        if (each.id == "demo/*") {
            return "demo/echo";
        }
        if (best == "MODEL" && !each.id.ends_with('*')) {
            best = each.id;
        }
    }
    return best;
}

std::string shell_quoted(std::string const& text)
{
    std::string out = "'";
    for (char const c : text) {
        c == '\'' ? out.append("'\\''") : out.append(1, c);
    }
    return out + '\'';
}

std::string body(std::string const& model)
{
    std::string out;
    json::writer to(out);
    to.begin_object().member("model", model).key("messages").begin_array().begin_object();
    to.member("role", "user").member("content", "Hello from curl").end_object().end_array().end_object();
    return out;
}

} // namespace

std::string to_text(serve_banner const& facts)
{
    std::string const base = base_url(facts.host, facts.port);
    std::string out = "cogate " + facts.version + " listens on http://";
    out += facts.host.find(':') == std::string::npos ? facts.host : '[' + facts.host + ']';
    out += ':' + std::to_string(facts.port) + " (" + std::to_string(facts.workers) +
           (facts.workers == 1 ? " worker)\n" : " workers)\n");
    out += "  models  " + list_models(facts.models) + '\n';
    out += "  config  " +
           (facts.config.empty() ? "none: demo/* and all providers whose key is in the environment"
                                 : facts.config) +
           '\n';
    out += "Try it:\n  curl " + base + "/v1/chat/completions -H 'content-type: application/json'";
    out += facts.needs_key ? " -H \"authorization: Bearer $KEY\"" : "";
    out += " -d " + shell_quoted(body(model_to_try(facts.models))) + '\n';
    return out;
}

} // namespace cogate::cli

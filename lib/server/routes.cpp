#include "lib/server/routes.hpp"

#include <array>

namespace cogate::server {
namespace {

constexpr std::array routes{
    route{"POST", "/chat/completions", access::key, true, chat_completions},
    route{"POST", "/embeddings", access::key, true, embeddings},
    route{"POST", "/messages", access::key, true, messages, "anthropic_messages"},
    route{"POST", "/messages/count_tokens", access::key, true, count_message_tokens, "anthropic_messages"},
    route{"POST", "/responses", access::key, true, responses, "openai_responses"},
    route{"POST", "/completions", access::key, true, text_completions, "openai_completions"},
    route{"POST", "/models/*", access::key, true, gemini_model, "gemini"},
    route{"POST", "/images/generations", access::key, true, image_generations},
    route{"POST", "/images/edits", access::key, true, image_edits},
    route{"POST", "/audio/transcriptions", access::key, true, transcriptions},
    route{"POST", "/audio/translations", access::key, true, translations},
    route{"POST", "/audio/speech", access::key, true, speech},
    route{"POST", "/moderations", access::key, true, moderations},
    route{"POST", "/rerank", access::key, true, rerank},
    route{"POST", "/v2/rerank", access::key, true, rerank},
    route{"*", "/openai/*", access::key, true, pass_through},
    route{"*", "/anthropic/*", access::key, true, pass_through, "anthropic_messages"},
    route{"*", "/gemini/*", access::key, true, pass_through, "gemini"},
    route{"*", "/vertex_ai/*", access::key, true, pass_through, "gemini"},
    route{"*", "/bedrock/*", access::key, true, pass_through},
    route{"*", "/cohere/*", access::key, true, pass_through},
    route{"*", "/azure/*", access::key, true, pass_through},
    route{"*", "/mistral/*", access::key, true, pass_through},
    route{"GET", "/models", access::key, false, list_models},
    route{"GET", "/models/*", access::key, false, show_model},
    route{"GET", "/model/info", access::key, false, model_info_endpoint},
    route{"POST", "/utils/token_counter", access::key, false, token_counter_endpoint},
    route{"POST", "/spend/calculate", access::key, false, spend_calculate},
    route{"GET", "/health", access::key, true, health},
    route{"GET", "/health/liveliness", access::anyone, false, liveliness},
    route{"GET", "/health/liveness", access::anyone, false, liveliness},
    route{"GET", "/health/readiness", access::anyone, false, readiness},
    route{"GET", "/", access::anyone, false, front_page},
};

std::string_view path_of(std::string_view target) noexcept
{
    std::string_view path = target.substr(0, target.find('?'));
    for (std::string_view const version : {"/v1beta", "/v1"}) {
        if (path == version || (path.starts_with(version) && path[version.size()] == '/')) {
            path.remove_prefix(version.size());
            break;
        }
    }
    if (path.size() > 1 && path.ends_with('/')) {
        path.remove_suffix(1);
    }
    return path.empty() ? std::string_view("/") : path;
}

// "a/../b" is another path in disguise; who sends it means nothing good.
bool has_dot_segment(std::string_view rest) noexcept
{
    for (;;) {
        std::string_view const segment = rest.substr(0, rest.find('/'));
        if (segment == "." || segment == "..") {
            return true;
        }
        if (segment.size() == rest.size()) {
            return false;
        }
        rest.remove_prefix(segment.size() + 1);
    }
}

bool matches(route const& way, std::string_view path, std::string_view& rest) noexcept
{
    if (!way.path.ends_with("/*")) {
        return path == way.path;
    }
    std::string_view const above = way.path.substr(0, way.path.size() - 1);
    if (path.size() <= above.size() || !path.starts_with(above)) {
        return false;
    }
    rest = path.substr(above.size());
    return !has_dot_segment(rest);
}

} // namespace

match find_route(std::string_view method, std::string_view target) noexcept
{
    std::string_view const path = path_of(target);
    std::string_view const wanted = method == "HEAD" ? "GET" : method;
    match out;
    for (route const& way : routes) {
        std::string_view rest;
        if (!matches(way, path, rest)) {
            continue;
        }
        out.path_known = true;
        if (way.method == wanted || way.method == "*") {
            out.found = &way;
            out.rest = rest;
            return out;
        }
    }
    return out;
}

} // namespace cogate::server

#include "lib/server/routes.hpp"

#include <array>
#include <vector>

namespace cogate::server {
namespace {

using enum ledger::route_class;

constexpr std::array own_routes{
    route{"POST", "/chat/completions", model_call, chat_completions},
    route{"POST", "/embeddings", model_call, embeddings},
    route{"POST", "/messages", model_call, messages, "anthropic_messages"},
    route{"POST", "/messages/count_tokens", model_call, count_message_tokens, "anthropic_messages"},
    route{"POST", "/responses", model_call, responses, "openai_responses"},
    route{"POST", "/completions", model_call, text_completions, "openai_completions"},
    route{"POST", "/models/*", model_call, gemini_model, "gemini"},
    route{"POST", "/images/generations", model_call, image_generations},
    route{"POST", "/images/edits", model_call, image_edits},
    route{"POST", "/audio/transcriptions", model_call, transcriptions},
    route{"POST", "/audio/translations", model_call, translations},
    route{"POST", "/audio/speech", model_call, speech},
    route{"POST", "/moderations", model_call, moderations},
    route{"POST", "/rerank", model_call, rerank},
    route{"POST", "/v2/rerank", model_call, rerank},
    route{"*", "/openai/*", model_call, pass_through},
    route{"*", "/anthropic/*", model_call, pass_through, "anthropic_messages"},
    route{"*", "/gemini/*", model_call, pass_through, "gemini"},
    route{"*", "/vertex_ai/*", model_call, pass_through, "gemini"},
    route{"*", "/bedrock/*", model_call, pass_through},
    route{"*", "/cohere/*", model_call, pass_through},
    route{"*", "/azure/*", model_call, pass_through},
    route{"*", "/mistral/*", model_call, pass_through},
    route{"GET", "/models", model_list, list_models},
    route{"GET", "/models/*", model_list, show_model},
    route{"GET", "/model/info", model_list, model_info_endpoint},
    route{"POST", "/utils/token_counter", model_list, token_counter_endpoint},
    route{"POST", "/spend/calculate", model_list, spend_calculate},
    route{"GET", "/health", admin_read, health},
    route{"GET", "/health/liveliness", open, liveliness},
    route{"GET", "/health/liveness", open, liveliness},
    route{"GET", "/health/readiness", open, readiness},
    route{"GET", "/routes", open, list_routes},
    route{"GET", "/", open, front_page},
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

std::span<route const> all_routes()
{
    static std::vector<route> const all = [] {
        std::vector<route> out(own_routes.begin(), own_routes.end());
        for (manage::managed_route const& each : manage::managed_routes()) {
            out.push_back({each.method, each.path, each.what,
                           each.is_report ? report_spending : manage_records, "openai_chat", each.run,
                           each.changes});
        }
        return out;
    }();
    return all;
}

match find_route(std::string_view method, std::string_view target)
{
    std::string_view const path = path_of(target);
    std::string_view const wanted = method == "HEAD" ? "GET" : method;
    match out;
    out.path = path;
    for (route const& way : all_routes()) {
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
